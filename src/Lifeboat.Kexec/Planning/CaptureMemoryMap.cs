using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// Makes the memory map of the capture kernel: low memory, which x86 CPUs need to start, the reservations, and what
/// the firmware keeps. All other RAM is the crashed kernel's and is left out, as is the ELF core header, which must
/// stay as it is. The kernel's crash_setup_memmap_entries() makes the same.
/// </summary>
/// <remarks>
/// The first 640 KiB are given as they are, and not copied away first as kexec-tools does: kernels since 5.11 keep their own data
/// out of the first MiB (reserve_real_mode() takes all of it), the dump leaves it out, and the kernel's own loader has stopped
/// copying it as well.
/// </remarks>
internal static class CaptureMemoryMap
{
    private static readonly PhysicalRange LowMemory = new(PhysicalAddress.Zero, new PhysicalAddress(640 << 10));

    internal static IReadOnlyList<E820Entry> Build(MachineDescription machine, PhysicalRange elfCoreHeader)
    {
        // Memory of crashkernel=,cma is the running kernel's for what it can do without in a dump: free for the capture kernel.
        List<PhysicalRange> usable = [.. machine.Reservations, .. machine.CrashCma];
        foreach (PhysicalRange range in machine.Ram)
        {
            usable.Add(range.Intersect(LowMemory));
        }

        IReadOnlyList<PhysicalRange> ram = PhysicalRanges.Without(usable, [elfCoreHeader]);
        List<E820Entry> map = MemoryMaps.OfFirmware(machine.Iomem, [.. ram, elfCoreHeader]);
        foreach (PhysicalRange range in ram)
        {
            map.Add(new E820Entry(range, E820Type.Ram));
        }

        return MemoryMaps.Sorted(map);
    }
}
