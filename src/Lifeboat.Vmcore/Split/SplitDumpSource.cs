using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Split;

/// <summary>
/// The parts of a split dump as one: each has all headers and the pages of a range of its own. Pages of a part that is
/// missing are truncated.
/// </summary>
internal sealed class SplitDumpSource : DumpSource
{
    private readonly KdumpDumpSource[] _parts;
    private readonly List<Diagnostic> _diagnostics = [];
    private int _last;

    /// <summary>Takes parts in any order; they belong to this source once that has succeeded.</summary>
    /// <exception cref="DumpFormatException">They are not parts of one dump.</exception>
    internal SplitDumpSource(IReadOnlyList<KdumpDumpSource> parts)
    {
        _parts = [.. parts];
        Array.Sort(_parts, static (a, b) => a.Layout.FirstPfn != b.Layout.FirstPfn
            ? a.Layout.FirstPfn.CompareTo(b.Layout.FirstPfn) : a.Layout.PagesEnd.CompareTo(b.Layout.PagesEnd));
        SplitCheck.ThrowUnlessOneDump(_parts);
        bool isMissing = SplitCheck.FindMissing(_parts, _diagnostics);
        IsIncomplete = isMissing;
        ByteCount size = ByteCount.Zero;
        foreach (KdumpDumpSource part in _parts)
        {
            size += part.FileSize ?? ByteCount.Zero;
            IsIncomplete |= part.IsIncomplete;
            _diagnostics.AddRange(part.Diagnostics);
        }

        FileSize = size;
    }

    /// <inheritdoc/>
    public override string Path => _parts[0].Path;

    /// <inheritdoc/>
    public override string FormatName =>
        $"{_parts[0].FormatName}, {_parts.Length} {(_parts.Length == 1 ? "part" : "parts")} of a split dump";

    /// <inheritdoc/>
    public override bool IsIncomplete { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<PhysicalRange> RamRanges => _parts[0].RamRanges;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Notes => _parts[0].Notes;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> EraseInfo => _parts[0].EraseInfo;

    /// <inheritdoc/>
    public override Vmcoreinfo Vmcoreinfo => _parts[0].Vmcoreinfo;

    /// <inheritdoc/>
    public override DumpUtsName? HeaderUtsName => _parts[0].HeaderUtsName;

    /// <inheritdoc/>
    public override DumpLevel? HeaderLevel => _parts[0].HeaderLevel;

    /// <inheritdoc/>
    public override IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <inheritdoc/>
    public override Pfn EndPfn => _parts[0].EndPfn;

    /// <summary>The parts in the order of their ranges.</summary>
    internal IReadOnlyList<KdumpDumpSource> Parts => _parts;

    /// <inheritdoc/>
    public override PageState GetPageState(Pfn pfn) =>
        FindPart(pfn.Value >> _parts[0].Layout.FrameShift).GetPageState(pfn);

    /// <inheritdoc/>
    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        int done = 0;
        fault = MemoryFault.None;
        while (done < destination.Length)
        {
            ulong position = unchecked(address.Value + (ulong)done);
            if (position < address.Value)
            {
                fault = new MemoryFault(position, MemoryFaultReason.Unmapped);
                break;
            }

            KdumpDumpSource part = FindPart(position >> _parts[0].Layout.PageShift);
            Span<byte> rest = destination[done..];
            ulong end = part.Layout.PagesEnd << part.Layout.PageShift;
            if (position < end && end - position < (ulong)rest.Length)
            {
                rest = rest[..(int)(end - position)];
            }

            done += part.Read(new PhysicalAddress(position), rest, out fault);
            if (fault != MemoryFault.None)
            {
                break;
            }
        }

        return done;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (KdumpDumpSource part in _parts)
        {
            part.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The part that has a page; where it is missing any other, which says so.</summary>
    private KdumpDumpSource FindPart(ulong pfn)
    {
        if (!Has(_last))
        {
            for (int i = 0; i < _parts.Length; i++)
            {
                if (Has(i))
                {
                    _last = i;
                    break;
                }
            }
        }

        return _parts[_last];

        bool Has(int index) => pfn >= _parts[index].Layout.FirstPfn && pfn < _parts[index].Layout.PagesEnd;
    }
}
