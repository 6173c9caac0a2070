using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// Places the segments of a reboot in free RAM: the kernel as low as it goes, the others from the top of what lies below 4 GiB
/// downwards, so that they are out of the way of the kernel as it unpacks and grows.
/// </summary>
internal sealed class RebootPlacement : SegmentPlacement
{
    /// <summary>Below this only when nothing else is left: devices of ISA times reach no further (ZONE_DMA).</summary>
    private static readonly PhysicalAddress SixteenMiB = new(16 << 20);

    private static readonly PhysicalAddress Top = new(1UL << 46);

    private readonly List<PhysicalRange> _taken = [];
    private readonly IReadOnlyList<PhysicalRange> _usable;
    private readonly PhysicalRange _bounds;

    internal RebootPlacement(MachineDescription machine, KernelImage image, PhysicalAddress minimum, PhysicalAddress? end)
    {
        _bounds = new PhysicalRange(minimum, end is { } bound && bound < Top ? bound : Top);
        _usable = RebootMemory.Usable(machine, _bounds);
        Kernel = FindKernel(image) ?? throw NoRoom("kernel", KernelPlace.At(image, image.PreferredAddress).Length, image.IsRelocatable
            ? $"from {image.PreferredAddress} on, aligned to {image.Alignment}{(image.CanBeLoadedAbove4G ? "" : ", below 4 GiB")}"
            : $"at {image.PreferredAddress}, the only place where the image runs");
        _taken.Add(Kernel);
    }

    internal override PhysicalRange Take(string name, int bytes, PhysicalAddress end)
    {
        ByteCount size = new ByteCount((ulong)bytes).AlignUp(ByteCount.Page);
        PhysicalAddress low = end < FourGiB ? end : FourGiB;
        PhysicalRange place = Highest(size, SixteenMiB, low) ?? Highest(size, FourGiB, end) ?? Highest(size, PhysicalAddress.Zero, low)
            ?? throw NoRoom(name, size, end < Top ? $"below {end}" : "anywhere");
        _taken.Add(place);
        return place;
    }

    internal override IReadOnlyList<PhysicalRange> Usable => _usable;

    /// <summary>Every place was found when it was asked for.</summary>
    internal override void RequireRoom()
    {
    }

    private PhysicalRange? FindKernel(KernelImage image)
    {
        PhysicalAddress end = image.CanBeLoadedAbove4G ? Top : FourGiB;
        foreach (PhysicalAddress bottom in (PhysicalAddress[])[SixteenMiB, PhysicalAddress.Zero])
        {
            foreach (PhysicalRange range in _usable)
            {
                PhysicalRange place = KernelPlace.At(
                    image, KernelPlace.Lowest(image, range.Start > bottom ? range.Start : bottom));
                if (range.Contains(place) && place.End <= end)
                {
                    return place;
                }
            }
        }

        return null;
    }

    private PhysicalRange? Highest(ByteCount size, PhysicalAddress bottom, PhysicalAddress end)
    {
        IReadOnlyList<PhysicalRange> holes = PhysicalRanges.Without(_usable, _taken);
        for (int i = holes.Count - 1; i >= 0; i--)
        {
            PhysicalAddress top = (holes[i].End < end ? holes[i].End : end).AlignDown(ByteCount.Page);
            PhysicalAddress start = holes[i].Start > bottom ? holes[i].Start : bottom;
            if (top > start && top - start >= size)
            {
                return PhysicalRange.FromLength(top - size, size);
            }
        }

        return null;
    }

    private DiagnosticException NoRoom(string name, ByteCount size, string where)
    {
        ByteCount largest = ByteCount.Zero;
        foreach (PhysicalRange hole in PhysicalRanges.Without(_usable, _taken))
        {
            largest = hole.Length > largest ? hole.Length : largest;
        }

        return new DiagnosticException(new Diagnostic(KexecDiagnostics.NoRoom, $"There is no room in RAM for the {name}")
        {
            Where = $"usable memory in {_bounds}",
            Found = $"the largest free piece has {largest}",
            Expected = $"{size} in one piece, {where}",
            Remedy = "Widen the bounds (--mem-min, --mem-max) if some are set; otherwise use a smaller kernel or ramdisk",
        });
    }
}
