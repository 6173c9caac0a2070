using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Flattened;

namespace Lifeboat.Vmcore.Elf;

/// <summary>An ELF64 core of a machine: /proc/vmcore, a copy of it, or what makedumpfile -E and QEMU write.</summary>
internal sealed class ElfDumpSource : DumpSource
{
    private readonly IRandomAccessFile _file;
    private readonly ElfSegmentMap _segments;
    private readonly DumpLimits _limits;
    private readonly ulong _fileLength;
    private readonly byte[] _notes;
    private readonly List<Diagnostic> _diagnostics;
    private readonly FlattenedFile? _flattened;

    internal ElfDumpSource(IRandomAccessFile file, DumpLimits limits)
    {
        var headers = ElfHeaders.Read(file, limits);
        IsLive = headers.IsLive;
        _file = IsLive ? new LiveFile(file) : file;
        _limits = limits;
        _segments = headers.Segments;
        _fileLength = _file.Length?.Value ?? ulong.MaxValue;
        _notes = headers.Notes;
        _diagnostics = headers.Diagnostics;
        DirectMapOffset = headers.DirectMapOffset;
        Machine = headers.Machine;
        _flattened = file as FlattenedFile;
        _diagnostics.AddRange(_flattened?.Diagnostics ?? []);
        Vmcoreinfo = FindVmcoreinfo(limits);
        IsIncomplete = headers.IsMarkedIncomplete || _flattened is { IsComplete: false } || FindTruncation();
    }

    /// <inheritdoc/>
    public override string Path => _file.Path;

    /// <inheritdoc/>
    public override string FormatName => IsLive ? "ELF, the memory of a running machine"
        : _flattened is null ? "ELF" : "ELF, flattened";

    /// <inheritdoc/>
    public override bool IsLive { get; }

    /// <inheritdoc/>
    public override bool IsIncomplete { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<PhysicalRange> RamRanges => _segments.Ranges;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Notes => _notes;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> EraseInfo => EraseInfoNote.Find(_notes);

    /// <inheritdoc/>
    public override Vmcoreinfo Vmcoreinfo { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <inheritdoc/>
    public override Pfn EndPfn => new((_segments.End + Pfn.PageSize - 1) >> Pfn.PageShift);

    /// <summary>What the segments add to physical addresses for virtual ones; null when they do not tell.</summary>
    internal ulong? DirectMapOffset { get; }

    /// <summary>The machine (e_machine).</summary>
    internal ushort Machine { get; }

    /// <inheritdoc/>
    public override PageState GetPageState(Pfn pfn)
    {
        Span<PageState> state = stackalloc PageState[1];
        GetPageStates(pfn, state);
        return state[0];
    }

    /// <inheritdoc/>
    public override void GetPageStates(Pfn start, Span<PageState> states)
    {
        states.Fill(PageState.NotRam);
        if (start.Value > ulong.MaxValue >> Pfn.PageShift)
        {
            return;
        }

        ulong address = start.Address.Value;
        for (int i = _segments.FindAtOrAbove(address); i < _segments.Segments.Length; i++)
        {
            ElfSegment segment = _segments.Segments[i];
            ulong first = Math.Max(segment.Start, address) >> Pfn.PageShift;
            if (first >= start.Value + (ulong)states.Length)
            {
                break;
            }

            // Stored, then cut off by the end of the file, then left out by whoever wrote the file.
            ulong stored = PageEnd(StoredInFile(segment));
            ulong promised = PageEnd(segment.StoredEnd);
            ulong end = Math.Min(PageEnd(segment.End), start.Value + (ulong)states.Length);
            for (ulong pfn = first; pfn < end; pfn++)
            {
                ref PageState state = ref states[(int)(pfn - start.Value)];
                if (state == PageState.NotRam)
                {
                    state = pfn < stored ? StoredState(segment, pfn)
                        : pfn < promised ? PageState.Truncated : PageState.Excluded;
                }
            }
        }
    }

    /// <inheritdoc/>
    internal override bool TryGetRun(Pfn start, out PageState state, out Pfn end)
    {
        (state, end) = (default, start);
        if (start.Value > ulong.MaxValue >> Pfn.PageShift)
        {
            return false;
        }

        ulong address = start.Address.Value;
        int index = _segments.FindAtOrAbove(address);
        if (index == _segments.Segments.Length || address < _segments.Segments[index].Start)
        {
            return false;
        }

        // A page that begins within a segment is that segment's.
        ElfSegment segment = _segments.Segments[index];
        ulong stored = PageEnd(StoredInFile(segment));
        ulong promised = PageEnd(segment.StoredEnd);
        (state, end) = start.Value < stored ? (StoredState(segment, start.Value), StoredRun(segment, start.Value, stored))
            : start.Value < promised ? (PageState.Truncated, new Pfn(promised))
            : (PageState.Excluded, new Pfn(PageEnd(segment.End)));
        return true;
    }

    /// <inheritdoc/>
    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        int done = 0;
        while (done < destination.Length)
        {
            ulong position = unchecked(address.Value + (ulong)done);
            int index = _segments.FindAtOrAbove(position);
            if (position < address.Value || index == _segments.Segments.Length
                || position < _segments.Segments[index].Start)
            {
                fault = new MemoryFault(position, MemoryFaultReason.Unmapped);
                break;
            }

            ElfSegment segment = _segments.Segments[index];
            ulong stored = StoredInFile(segment);
            if (position >= stored)
            {
                fault = new MemoryFault(
                    position, stored < segment.StoredEnd ? MemoryFaultReason.Truncated : MemoryFaultReason.Excluded);
                break;
            }

            int count = (int)Math.Min((ulong)(destination.Length - done), stored - position);
            var offset = new FileOffset(segment.FileOffset + (position - segment.Start));
            int read = _file.Read(offset, destination.Slice(done, count), out Errno error);
            done += read;
            if (read < count)
            {
                fault = new MemoryFault(
                    position + (ulong)read,
                    error == Errno.None ? MemoryFaultReason.Truncated : MemoryFaultReason.Damaged);
                break;
            }
        }

        return done;
    }

    /// <inheritdoc/>
    internal override bool ReadsFaster => _file.ReadsFaster;

    /// <inheritdoc/>
    internal override ReadOnlySpan<byte> View(PhysicalAddress address, int length)
    {
        int index = _segments.FindAtOrAbove(address.Value);
        if (index == _segments.Segments.Length || address.Value < _segments.Segments[index].Start)
        {
            return default;
        }

        ElfSegment segment = _segments.Segments[index];
        ulong stored = StoredInFile(segment);
        return address.Value >= stored ? default : _file.View(
            new FileOffset(segment.FileOffset + (address.Value - segment.Start)),
            (int)Math.Min((ulong)length, stored - address.Value));
    }

    /// <inheritdoc/>
    internal override DumpSource? TryShare(bool isScattered = false) =>
        _file.TryShare(isScattered) is { } file ? new ElfDumpSource(file, _limits) : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    private static ulong PageEnd(ulong address) => (address + Pfn.PageSize - 1) >> Pfn.PageShift;

    private ulong StoredInFile(ElfSegment segment)
    {
        ulong there = segment.FileOffset >= _fileLength ? 0 : _fileLength - segment.FileOffset;
        return segment.Start + Math.Min(segment.StoredEnd - segment.Start, there);
    }

    /// <summary>
    /// Pages of which a flattened file has no record are zeros that are not stored; or lost, when it was cut.
    /// </summary>
    private PageState StoredState(ElfSegment segment, ulong pfn)
    {
        if (_flattened is null || pfn << Pfn.PageShift < segment.Start)
        {
            return PageState.Present;
        }

        ulong gap = _flattened.LookAt(PlaceOf(segment, pfn)).Gap;
        return !_flattened.IsComplete && gap > 0 ? PageState.Truncated
            : gap >= Pfn.PageSize ? PageState.Zero : PageState.Present;
    }

    /// <summary>How far the pages from one on are in the same state, at the least.</summary>
    private Pfn StoredRun(ElfSegment segment, ulong pfn, ulong stored)
    {
        if (_flattened is null)
        {
            return new Pfn(stored);
        }

        (ulong gap, ulong there) = _flattened.LookAt(PlaceOf(segment, pfn));
        return new Pfn(Math.Min(stored, pfn + Math.Max(1, (gap | there) >> Pfn.PageShift)));
    }

    private static ulong PlaceOf(ElfSegment segment, ulong pfn) =>
        segment.FileOffset + ((pfn << Pfn.PageShift) - segment.Start);

    private Vmcoreinfo FindVmcoreinfo(DumpLimits limits)
    {
        if (!ElfNotes.TryFindVmcoreinfo(_notes, out int offset, out int length))
        {
            return Vmcoreinfo.Empty;
        }

        return Vmcoreinfo.Parse(_notes.AsSpan(offset, Math.Min(length, limits.MaxVmcoreinfoBytes)));
    }

    private bool FindTruncation()
    {
        foreach (ElfSegment segment in _segments.Segments)
        {
            ulong stored = StoredInFile(segment);
            if (stored < segment.StoredEnd)
            {
                _diagnostics.Add(new Diagnostic(
                    VmcoreDiagnosticIds.Truncated, "the file ends before its last segment does")
                {
                    Where = $"physical address 0x{stored:x}",
                    Found = $"a file of {_fileLength} bytes",
                    Expected = $"{segment.FileOffset + (segment.StoredEnd - segment.Start)} bytes or more",
                });
                return true;
            }
        }

        return false;
    }
}
