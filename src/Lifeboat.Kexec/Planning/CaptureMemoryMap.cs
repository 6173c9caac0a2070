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
        IReadOnlyList<PhysicalRange> ram = PhysicalRanges.Without(
            [.. machine.Ram.Select(range => range.Intersect(LowMemory)), .. machine.Reservations], [elfCoreHeader]);
        List<E820Entry> map = [.. ram.Select(range => new E820Entry(range, E820Type.Ram))];

        // Each byte has one type, the first named wins: what is RAM to the capture kernel is nothing else.
        List<PhysicalRange> taken = [.. ram, elfCoreHeader];
        foreach ((string name, E820Type type) in Firmware)
        {
            IReadOnlyList<PhysicalRange> ranges = PhysicalRanges.Without(machine.Iomem.Named(name), taken);
            map.AddRange(ranges.Select(range => new E820Entry(range, type)));
            taken.AddRange(ranges);
        }

        return [.. Fit(map, notices).OrderBy(entry => entry.Range.Start)];
    }

    /// <summary>
    /// Leaves out the smallest reserved ranges when there are more than boot_params takes: they only keep the kernel
    /// from placing devices there, which the firmware has placed already.
    /// </summary>
    private static IEnumerable<E820Entry> Fit(List<E820Entry> map, ICollection<Diagnostic> notices)
    {
        int excess = map.Count - BootParams.MaxMemoryMapEntries;
        if (excess <= 0)
        {
            return map;
        }

        E820Entry[] dropped = [.. map.Where(entry => entry.Type == E820Type.Reserved)
            .OrderBy(entry => entry.Range.Length).Take(excess)];
        notices.Add(new Diagnostic(
            KexecDiagnostics.PlanNotice, "The smallest reserved ranges are left out of the capture kernel's memory map")
        {
            Found = $"{map.Count} ranges",
            Expected = $"at most {BootParams.MaxMemoryMapEntries}",
        });
        return map.Except(dropped);
    }
}
