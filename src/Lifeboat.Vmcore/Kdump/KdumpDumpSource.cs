using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Flattened;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>A kdump-compressed file, as makedumpfile and this library write it.</summary>
internal sealed class KdumpDumpSource : DumpSource
{
    private readonly IRandomAccessFile _file;
    private readonly DumpLimits _limits;
    private readonly KdumpLayout _layout;
    private readonly PageBitmap _ram;
    private readonly PageBitmap _kept;
    private readonly DescriptorIndex _index;
    private readonly ulong _firstIndex;
    private readonly PageDecoder _decoder = new();
    private readonly PageCache _cache;
    private readonly byte[] _packed;
    private readonly int _pageSize;
    private readonly byte[] _notes;
    private readonly ulong _fileLength;
    private readonly ulong _zeroPageOffset;
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly FlattenedFile? _flattened;
    private List<PhysicalRange>? _ramRanges;
    private bool _hasToldCodec;
    private ulong _badPage = ulong.MaxValue;
    private MemoryFaultReason _badReason;

    internal KdumpDumpSource(IRandomAccessFile file, DumpLimits limits)
    {
        _file = file;
        _limits = limits;
        _flattened = file as FlattenedFile;
        _diagnostics.AddRange(_flattened?.Diagnostics ?? []);
        _layout = KdumpLayout.Read(file, limits);
        _pageSize = _layout.Header.BlockSize;
        _cache = new PageCache(_pageSize);
        _packed = new byte[_pageSize];
        _fileLength = file.Length?.Value ?? ulong.MaxValue;
        _ram = new PageBitmap(file, _layout.RamBitmapOffset, _layout.EndPfn);
        _kept = new PageBitmap(file, _layout.KeptBitmapOffset, _layout.EndPfn);
        _index = new DescriptorIndex(_kept);
        _firstIndex = _index.Find(_layout.FirstPfn);
        KdumpSubHeader sub = _layout.SubHeader;
        _notes = ReadBlob(sub.NotesOffset, sub.NotesSize, limits.MaxNoteBytes, "notes");
        Vmcoreinfo = ReadVmcoreinfo(limits);
        EraseInfo = ReadBlob(sub.EraseInfoOffset, sub.EraseInfoSize, limits.MaxNoteBytes, "list of what was erased");
        _zeroPageOffset = FindZeroPage();
        if (_layout.Header.Status.HasFlag(DumpStatus.Incomplete))
        {
            _diagnostics.Add(new Diagnostic(
                VmcoreDiagnosticIds.Incomplete, "the dump says that it was not written to the end")
            {
                Where = $"status, {new FileOffset(424)}",
            });
        }

        IsIncomplete = _layout.Header.Status.HasFlag(DumpStatus.Incomplete)
            || _flattened is { IsComplete: false } || FindTruncation();
    }

    /// <inheritdoc/>
    public override string Path => _file.Path;

    /// <inheritdoc/>
    public override string FormatName =>
        $"kdump-compressed v{_layout.Header.Version}{(_flattened is null ? "" : ", flattened")}";

    /// <inheritdoc/>
    public override bool IsIncomplete { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<PhysicalRange> RamRanges => _ramRanges ??= RamRangeScan.Scan(_ram, _layout.PageShift);

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Notes => _notes;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> EraseInfo { get; }

    /// <inheritdoc/>
    public override Vmcoreinfo Vmcoreinfo { get; }

    /// <inheritdoc/>
    public override DumpUtsName? HeaderUtsName => _layout.Header.UtsName;

    /// <inheritdoc/>
    public override DumpLevel? HeaderLevel => (DumpLevel)_layout.SubHeader.DumpLevel & DumpLevel.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <inheritdoc/>
    public override Pfn EndPfn => new(_layout.EndPfn << _layout.FrameShift);

    internal KdumpLayout Layout => _layout;

    internal IRandomAccessFile File => _file;

    /// <summary>Pages whose descriptors the file has.</summary>
    internal ulong PageCount => _index.Find(_layout.PagesEnd) - _firstIndex;

    /// <summary>Pages kept below a page frame, in all parts of the dump.</summary>
    internal ulong CountKeptBelow(ulong pfn) => _index.Find(pfn);

    /// <summary>Where the page of zeros is that all such pages share; the largest offset when there is none.</summary>
    internal ulong ZeroPageOffset => _zeroPageOffset;

    /// <inheritdoc/>
    public override PageState GetPageState(Pfn pfn)
    {
        ulong page = pfn.Value >> _layout.FrameShift;
        if (!_ram[page])
        {
            return PageState.NotRam;
        }

        if (!_kept[page])
        {
            return PageState.Excluded;
        }

        if (!TryGetDescriptor(page, out PageDescriptor descriptor))
        {
            return PageState.Truncated;
        }

        return descriptor.Offset == _zeroPageOffset && descriptor.Codec == DumpStatus.None
            ? PageState.Zero : PageState.Present;
    }

    /// <inheritdoc/>
    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        int done = 0;
        while (done < destination.Length)
        {
            ulong position = unchecked(address.Value + (ulong)done);
            if (position < address.Value)
            {
                fault = new MemoryFault(position, MemoryFaultReason.Unmapped);
                break;
            }

            MemoryFaultReason reason = GetPage(position >> _layout.PageShift, out ReadOnlySpan<byte> page);
            if (reason != MemoryFaultReason.None)
            {
                fault = new MemoryFault(position, reason);
                break;
            }

            ReadOnlySpan<byte> rest = page[(int)(position & (ulong)(_pageSize - 1))..];
            int count = Math.Min(rest.Length, destination.Length - done);
            rest[..count].CopyTo(destination[done..]);
            done += count;
        }

        return done;
    }

    /// <inheritdoc/>
    internal override DumpSource? TryShare(bool isScattered = false) =>
        _file.TryShare(isScattered) is { } file ? new KdumpDumpSource(file, _limits) : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _decoder.Dispose();
        _cache.Dispose();
        _file.Dispose();
        base.Dispose(disposing);
    }

    private MemoryFaultReason GetPage(ulong pfn, out ReadOnlySpan<byte> page)
    {
        if (_cache.TryGet(pfn, out page))
        {
            return MemoryFaultReason.None;
        }

        // Page tables lead to the same page again and again; a bad one is not unpacked each time.
        if (pfn == _badPage)
        {
            return _badReason;
        }

        MemoryFaultReason reason = Unpack(pfn, out page);
        if (reason is MemoryFaultReason.Damaged or MemoryFaultReason.Truncated)
        {
            (_badPage, _badReason) = (pfn, reason);
        }

        return reason;
    }

    private MemoryFaultReason Unpack(ulong pfn, out ReadOnlySpan<byte> page)
    {
        page = default;
        if (!_ram[pfn])
        {
            return MemoryFaultReason.Unmapped;
        }

        if (!_kept[pfn])
        {
            return MemoryFaultReason.Excluded;
        }

        if (!TryGetDescriptor(pfn, out PageDescriptor descriptor))
        {
            return MemoryFaultReason.Truncated;
        }

        if (descriptor.Length > (uint)_pageSize || !IsKnownCodec(descriptor.Codec))
        {
            return MemoryFaultReason.Damaged;
        }

        Span<byte> packed = _packed.AsSpan(0, (int)descriptor.Length);
        if (_file.Read(new FileOffset(descriptor.Offset), packed, out Errno error) < packed.Length)
        {
            return error == Errno.None ? MemoryFaultReason.Truncated : MemoryFaultReason.Damaged;
        }

        Span<byte> place = _cache.Reserve(pfn);
        if (!_decoder.TryDecode(descriptor.Codec, packed, place))
        {
            return MemoryFaultReason.Damaged;
        }

        _cache.Confirm(pfn);
        page = place;
        return MemoryFaultReason.None;
    }

    private bool IsKnownCodec(DumpStatus codec)
    {
        bool isKnown = PageDecoder.Knows(codec);
        if (!isKnown && !_hasToldCodec)
        {
            _hasToldCodec = true;
            _diagnostics.Add(new Diagnostic(
                VmcoreDiagnosticIds.Unsupported, "pages are packed with a codec that cannot be read yet")
            {
                Found = $"flags 0x{(uint)codec:x}",
                Expected = "raw, zlib, LZO, Snappy or zstd pages",
            });
        }

        return isKnown;
    }

    private bool TryGetDescriptor(ulong pfn, out PageDescriptor descriptor)
    {
        if (pfn < _layout.FirstPfn || pfn >= _layout.PagesEnd)
        {
            // Of another part of a split dump.
            descriptor = default;
            return false;
        }

        ulong offset = _layout.DescriptorsOffset + ((_index.Find(pfn) - _firstIndex) * PageDescriptor.Size);
        Span<byte> bytes = stackalloc byte[PageDescriptor.Size];
        if (_file.Read(new FileOffset(offset), bytes, out _) < bytes.Length)
        {
            descriptor = default;
            return false;
        }

        _ = PageDescriptor.TryParse(bytes, out descriptor);
        return descriptor.Offset != 0 && descriptor.Offset < _fileLength
            && descriptor.Length <= _fileLength - descriptor.Offset;
    }

    /// <summary>At a level that leaves out zero pages, the first page of the data is the one they all share.</summary>
    private ulong FindZeroPage()
    {
        if ((_layout.SubHeader.DumpLevel & (int)DumpLevel.Zero) == 0)
        {
            return ulong.MaxValue;
        }

        // The first descriptor that points there tells where the data begins: nothing before it is data.
        ulong pages = PageCount;
        ulong offset = _layout.DescriptorsOffset + (pages * PageDescriptor.Size);
        Span<byte> page = _packed;
        return _file.Read(new FileOffset(offset), page, out _) == page.Length && !page.ContainsAnyExcept((byte)0)
            ? offset : ulong.MaxValue;
    }

    /// <summary>Pages are written in order: when the file was cut, the last ones point beyond its end.</summary>
    private bool FindTruncation()
    {
        const int LastDescriptors = 64;
        ulong count = PageCount;
        ulong needed = _layout.DescriptorsOffset + (count * PageDescriptor.Size);
        int last = (int)Math.Min(count, LastDescriptors);
        Span<byte> bytes = stackalloc byte[LastDescriptors * PageDescriptor.Size];
        bytes = bytes[..(last * PageDescriptor.Size)];
        if (needed <= _fileLength
            && _file.Read(new FileOffset(needed - (ulong)bytes.Length), bytes, out _) == bytes.Length)
        {
            for (int i = 0; i < last; i++)
            {
                _ = PageDescriptor.TryParse(bytes[(i * PageDescriptor.Size)..], out PageDescriptor descriptor);
                if (descriptor.Offset <= ulong.MaxValue - descriptor.Length)
                {
                    needed = Math.Max(needed, descriptor.Offset + descriptor.Length);
                }
            }
        }

        if (needed <= _fileLength)
        {
            return false;
        }

        _diagnostics.Add(new Diagnostic(VmcoreDiagnosticIds.Truncated, "the file ends before its last page")
        {
            Where = Path,
            Found = $"{_fileLength} bytes",
            Expected = $"{needed} bytes or more",
        });
        return true;
    }

    private Vmcoreinfo ReadVmcoreinfo(DumpLimits limits)
    {
        KdumpSubHeader sub = _layout.SubHeader;
        byte[] text = ReadBlob(sub.VmcoreinfoOffset, sub.VmcoreinfoSize, limits.MaxVmcoreinfoBytes, "VMCOREINFO");
        if (text.Length == 0 && ElfNotes.TryFindVmcoreinfo(_notes, out int offset, out int length))
        {
            text = _notes.AsSpan(offset, Math.Min(length, limits.MaxVmcoreinfoBytes)).ToArray();
        }

        return text.Length == 0 ? Vmcoreinfo.Empty : Vmcoreinfo.Parse(text);
    }

    private byte[] ReadBlob(ulong offset, ulong size, int limit, string what)
    {
        if (offset == 0 || size == 0)
        {
            return [];
        }

        ulong there = offset >= _fileLength ? 0 : Math.Min(size, _fileLength - offset);
        if (size > (ulong)limit || there < size)
        {
            _diagnostics.Add(new Diagnostic(VmcoreDiagnosticIds.BadNotes, $"the {what} cannot be read")
            {
                Where = $"{new FileOffset(offset)}",
                Found = $"0x{size:x} bytes",
                Expected = $"at most 0x{Math.Min((ulong)limit, there):x} bytes",
            });
            return [];
        }

        byte[] bytes = new byte[(int)size];
        int read = _file.Read(new FileOffset(offset), bytes, out _);
        return read == bytes.Length ? bytes : bytes[..read];
    }
}
