using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;

namespace Lifeboat.Vmcore.Elf;

/// <summary>
/// Tells /proc/kcore from a dump, and which of its segments are physical memory. kcore has the kernel's virtual memory
/// (fs/proc/kcore.c): RAM through the direct map and, since 4.11, where that is physically; the image, with a physical
/// address too; and areas without one (vmalloc, modules, vmemmap).
/// </summary>
internal static class KcoreSegments
{
    private const ulong KernelHalf = 1UL << 63;

    /// <summary>Only kcore has areas of the kernel that are nowhere in particular.</summary>
    internal static bool IsKcore(List<Elf64ProgramHeader> loads)
    {
        foreach (Elf64ProgramHeader load in loads)
        {
            if (load.PhysicalAddress == ulong.MaxValue && load.VirtualAddress >= KernelHalf)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What makes the segments unreadable by physical address; null when nothing does.</summary>
    internal static Diagnostic? CheckAddresses(List<Elf64ProgramHeader> loads)
    {
        // Before 4.11 every segment of kcore is at 0.
        foreach (Elf64ProgramHeader load in loads)
        {
            if (load.PhysicalAddress != 0 || load.VirtualAddress < KernelHalf)
            {
                return null;
            }
        }

        return loads.Count < 2 ? null
            : new Diagnostic(VmcoreDiagnosticIds.Unsupported, "the segments do not say where they are physically")
            {
                Where = "p_paddr",
                Found = $"0 in all of {loads.Count} segments",
                Expected = "another physical address in each",
                Remedy = "/proc/kcore of a kernel before 4.11 cannot be read.",
            };
    }

    /// <summary>
    /// What the direct map adds to physical addresses: that of the largest segment. The image, which is smaller, is
    /// left aside: what of it was freed reads as zeros there, and is other memory by now.
    /// </summary>
    internal static ulong? FindDirectMap(List<Elf64ProgramHeader> loads)
    {
        ulong most = 0;
        ulong? found = null;
        foreach (Elf64ProgramHeader load in loads)
        {
            if (load.PhysicalAddress != ulong.MaxValue && load.FileSize > most)
            {
                most = load.FileSize;
                found = unchecked(load.VirtualAddress - load.PhysicalAddress);
            }
        }

        return found;
    }
}
