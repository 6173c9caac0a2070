using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>Memory maps as a kernel is given them, made from the running kernel's /proc/iomem.</summary>
internal static class MemoryMaps
{
    /// <summary>
    /// What the firmware keeps, by the names /proc/iomem has for it, without <paramref name="taken"/>. Each byte has one type, the
    /// first named wins.
    /// </summary>
    internal static List<E820Entry> OfFirmware(IomemMap iomem, IReadOnlyList<PhysicalRange> taken)
    {
        var map = new List<E820Entry>();
        List<PhysicalRange> used = [.. taken];
        foreach (string name in E820Names.Firmware)
        {
            IReadOnlyList<PhysicalRange> ranges = PhysicalRanges.Without(iomem.Named(name), used);
            foreach (PhysicalRange range in ranges)
            {
                map.Add(new E820Entry(range, E820Names.TypeOf(name)));
            }

            used.AddRange(ranges);
        }

        return map;
    }

    /// <summary>The whole map: RAM, and what the firmware keeps.</summary>
    internal static IReadOnlyList<E820Entry> OfIomem(IomemMap iomem)
    {
        IReadOnlyList<PhysicalRange> ram = PhysicalRanges.Normalize(iomem.Named(E820Names.Ram));
        List<E820Entry> map = OfFirmware(iomem, ram);
        foreach (PhysicalRange range in ram)
        {
            map.Add(new E820Entry(range, E820Type.Ram));
        }

        return Sorted(map);
    }

    /// <summary>The entries by their starts.</summary>
    internal static IReadOnlyList<E820Entry> Sorted(List<E820Entry> map)
    {
        map.Sort(static (left, right) => left.Range.Start.CompareTo(right.Range.Start));
        return map;
    }
}
