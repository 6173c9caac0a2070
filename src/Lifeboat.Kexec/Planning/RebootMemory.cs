using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>The machine's memory as the kernel of a reboot finds it, and what of it may be loaded into.</summary>
internal static class RebootMemory
{
    /// <summary>The firmware's own data and the code that starts further CPUs lie below; nothing is worth the risk there.</summary>
    private static readonly PhysicalRange FirstMiB = new(PhysicalAddress.Zero, new PhysicalAddress(1 << 20));

    /// <summary>
    /// The firmware's map as it told it, which the running kernel may have cut (mem=, crashkernel=) for itself only; where it is not
    /// known, or is not all (add_efi_memmap), what the running kernel uses.
    /// </summary>
    internal static IReadOnlyList<E820Entry> Map(MachineDescription machine) =>
        machine.FirmwareMemory.Count > 0 && !machine.CommandLine.Contains("add_efi_memmap", StringComparison.Ordinal)
            ? machine.FirmwareMemory
            : MemoryMaps.OfIomem(machine.Iomem);

    /// <summary>
    /// What segments may lie in: RAM by the firmware's word and the running kernel's, as the kernel keeps RAM back that the firmware
    /// does not (tables that EFI left in boot services memory). RAM of virtio-mem and the like has a longer name: the next kernel
    /// finds it only once it has the driver. The running kernel's own place is free: the jump's code does not
    /// lie in it, and it is written only then.
    /// </summary>
    internal static IReadOnlyList<PhysicalRange> Usable(MachineDescription machine, PhysicalRange bounds)
    {
        var known = new List<PhysicalRange>();
        foreach (E820Entry entry in Map(machine))
        {
            if (entry.Type != E820Type.Ram)
            {
                continue;
            }

            foreach (PhysicalRange range in machine.Iomem.Named(E820Names.Ram))
            {
                // Whole pages: the firmware's ranges may begin anywhere.
                PhysicalRange both = range.Intersect(entry.Range).Intersect(bounds);
                PhysicalAddress start = both.Start.AlignUp(ByteCount.Page);
                PhysicalAddress end = both.End.AlignDown(ByteCount.Page);
                if (end > start)
                {
                    known.Add(new PhysicalRange(start, end));
                }
            }
        }

        return PhysicalRanges.Without(known, [FirstMiB, .. machine.Iomem.Named("Reserved")]);
    }
}
