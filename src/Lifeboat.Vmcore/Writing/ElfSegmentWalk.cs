using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Goes through the segments of an ELF dump: for every run of kept pages one, with as much memory as there is up to the
/// next; and one more for what of it is the kernel's image, at the image's own addresses.
/// </summary>
internal sealed class ElfSegmentWalk(DumpSource source, IKeptWindows windows, KernelMappings mappings, ulong dataOffset)
{
    private const uint ReadWriteExecute = 7;

    private readonly KeptRuns _runs = new(windows);
    private readonly IReadOnlyList<PhysicalRange> _ranges = source.RamRanges;
    private int _range;
    private ulong _place;
    private Elf64ProgramHeader? _image;

    /// <summary>Where the next run's bytes go; after the last, the end of the file.</summary>
    internal ulong NextOffset { get; private set; } = dataOffset;

    internal bool TryNext(out Elf64ProgramHeader header)
    {
        if (_image is { } image)
        {
            (header, _image) = (image, null);
            return true;
        }

        for (; _range < _ranges.Count; _range++)
        {
            ulong start = Math.Max(_place, _ranges[_range].Start.Pfn.Value);
            ulong end = (_ranges[_range].End.Value + Pfn.PageSize - 1) >> Pfn.PageShift;
            if (start >= end)
            {
                continue;
            }

            _ = _runs.TryFind(start, end, out ulong run, out ulong stop);

            // Pages left out before the first run are a segment without bytes.
            stop = run > start ? start : stop;
            _ = _runs.TryFind(stop, end, out _place, out _);
            header = Load(start, stop - start, _place - start);
            _image = OfImage(header);
            NextOffset += header.FileSize;
            return true;
        }

        header = default;
        return false;
    }

    private Elf64ProgramHeader Load(ulong start, ulong filePages, ulong memoryPages) => new()
    {
        Type = Elf64ProgramHeader.TypeLoad,
        Flags = ReadWriteExecute,
        Offset = NextOffset,
        VirtualAddress = mappings.DirectMapOffset is { } offset ? unchecked(offset + (start << Pfn.PageShift)) : 0,
        PhysicalAddress = start << Pfn.PageShift,
        FileSize = filePages << Pfn.PageShift,
        MemorySize = memoryPages << Pfn.PageShift,
    };

    private Elf64ProgramHeader? OfImage(Elf64ProgramHeader ram)
    {
        ulong start = Math.Max(ram.PhysicalAddress, mappings.ImageStart);
        ulong end = Math.Min(ram.PhysicalAddress + ram.FileSize, mappings.ImageEnd);
        return start >= end ? null : ram with
        {
            Offset = ram.Offset + (start - ram.PhysicalAddress),
            VirtualAddress = unchecked(start + mappings.ImageOffset),
            PhysicalAddress = start,
            FileSize = end - start,
            MemorySize = end - start,
        };
    }
}
