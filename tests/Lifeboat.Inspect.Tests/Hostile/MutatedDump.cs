using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>A dump whose pages can be changed or left out; counts what is read of it.</summary>
/// <param name="inner">The dump; its pages are kept once they are read.</param>
internal sealed class MutatedDump(DumpSource inner) : DumpSource
{
    private readonly Dictionary<ulong, byte[]?> _pages = [];
    private readonly Dictionary<ulong, byte[]?> _changed = [];

    public override string Path => inner.Path;

    public override string FormatName => inner.FormatName;

    public override bool IsIncomplete => inner.IsIncomplete;

    public override IReadOnlyList<PhysicalRange> RamRanges => inner.RamRanges;

    public override ReadOnlyMemory<byte> Notes => inner.Notes;

    public override Vmcoreinfo Vmcoreinfo => inner.Vmcoreinfo;

    public override Pfn EndPfn => inner.EndPfn;

    /// <summary>Reads after which work is no longer bounded by anything but luck.</summary>
    internal long MostReads { get; init; } = long.MaxValue;

    internal long Reads { get; private set; }

    /// <summary>Where what is read is written down; null for nowhere.</summary>
    internal List<PhysicalRange>? Record { get; set; }

    public override PageState GetPageState(Pfn pfn) =>
        _changed.TryGetValue(pfn.Value, out byte[]? page) && page is null ? PageState.Excluded : inner.GetPageState(pfn);

    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        if (++Reads > MostReads)
        {
            throw new InvalidOperationException($"more than {MostReads} reads");
        }

        fault = MemoryFault.None;
        Record?.Add(PhysicalRange.FromLength(address, new ByteCount((ulong)destination.Length)));
        int done = 0;
        while (done < destination.Length)
        {
            ulong place = unchecked(address.Value + (ulong)done);
            if (!TryPage(place / 4096, out byte[]? page))
            {
                fault = new MemoryFault(place, MemoryFaultReason.Excluded);
                break;
            }

            int within = (int)(place % 4096);
            int count = Math.Min(destination.Length - done, 4096 - within);
            page.AsSpan(within, count).CopyTo(destination[done..]);
            done += count;
        }

        return done;
    }

    /// <summary>Takes all changes back.</summary>
    internal void Mend()
    {
        _changed.Clear();
        Reads = 0;
    }

    /// <summary>Leaves a page out.</summary>
    internal void Exclude(ulong pfn) => _changed[pfn] = null;

    /// <summary>A page to be changed; empty where there is none.</summary>
    internal Span<byte> Change(ulong pfn)
    {
        if (!TryPage(pfn, out byte[]? page))
        {
            return default;
        }

        if (!_changed.ContainsKey(pfn))
        {
            _changed[pfn] = page = [.. page];
        }

        return page;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryPage(ulong pfn, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? page)
    {
        if (!_changed.TryGetValue(pfn, out page) && !_pages.TryGetValue(pfn, out page))
        {
            page = new byte[4096];
            page = inner.Read(new Pfn(pfn).Address, page, out _) == page.Length ? page : null;
            _pages.Add(pfn, page);
        }

        return page is not null;
    }
}
