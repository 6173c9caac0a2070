using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// Makes the memory map of the capture kernel: low memory, which x86 CPUs need to start, the reservations, and what
/// the firmware keeps. All other RAM is the crashed kernel's and is left out, as is the ELF core header, which must
/// stay as it is. The kernel's crash_setup_memmap_entries() makes the same.
/// </summary>
internal static class CaptureMemoryMap
{
    private static readonly PhysicalRange LowMemory = new(PhysicalAddress.Zero, new PhysicalAddress(640 << 10));

    private static readonly (string Name, E820Type Type)[] Firmware =
    [
        ("ACPI Tables", E820Type.Acpi),
        ("ACPI Non-volatile Storage", E820Type.Nvs),
        ("Reserved", E820Type.Reserved),
        ("Unusable memory", E820Type.Unusable),
        ("Persistent Memory", E820Type.PersistentMemory),
        ("Persistent Memory (legacy)", E820Type.LegacyPersistentMemory),
    ];

    internal static IReadOnlyList<E820Entry> Build(
        MachineDescription machine, PhysicalRange elfCoreHeader, ICollection<Diagnostic> notices)
    {
        List<PhysicalRange> usable = [.. machine.Reservations];
        foreach (PhysicalRange range in machine.Ram)
        {
            usable.Add(range.Intersect(LowMemory));
        }

        IReadOnlyList<PhysicalRange> ram = PhysicalRanges.Without(usable, [elfCoreHeader]);
        var map = new List<E820Entry>();
        Add(ram, E820Type.Ram);

        // Each byte has one type, the first named wins: what is RAM to the capture kernel is nothing else.
        List<PhysicalRange> taken = [.. ram, elfCoreHeader];
        foreach ((string name, E820Type type) in Firmware)
        {
            IReadOnlyList<PhysicalRange> ranges = PhysicalRanges.Without(machine.Iomem.Named(name), taken);
            Add(ranges, type);
            taken.AddRange(ranges);
        }

        map = Fit(map, notices);
        map.Sort(static (left, right) => left.Range.Start.CompareTo(right.Range.Start));
        return map;

        void Add(IReadOnlyList<PhysicalRange> ranges, E820Type type)
        {
            foreach (PhysicalRange range in ranges)
            {
                map.Add(new E820Entry(range, type));
            }
        }
    }

    /// <summary>
    /// Leaves out the smallest reserved ranges when there are more than boot_params takes: they only keep the kernel
    /// from placing devices there, which the firmware has placed already.
    /// </summary>
    private static List<E820Entry> Fit(List<E820Entry> map, ICollection<Diagnostic> notices)
    {
        int excess = map.Count - BootParams.MaxMemoryMapEntries;
        if (excess <= 0)
        {
            return map;
        }

        List<E820Entry> dropped = map.FindAll(static entry => entry.Type == E820Type.Reserved);
        dropped.Sort(static (left, right) => left.Range.Length.CompareTo(right.Range.Length));
        dropped.RemoveRange(Math.Min(excess, dropped.Count), dropped.Count - Math.Min(excess, dropped.Count));
        notices.Add(new Diagnostic(
            KexecDiagnostics.PlanNotice, "The smallest reserved ranges are left out of the capture kernel's memory map")
        {
            Found = $"{map.Count} ranges",
            Expected = $"at most {BootParams.MaxMemoryMapEntries}",
        });
        return map.FindAll(entry => !dropped.Contains(entry));
    }
}
