using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel;

/// <summary>
/// Where all of RAM is in the kernel's virtual addresses (Documentation/arch/x86/x86_64/mm.rst, Documentation/arch/arm64/memory.rst).
/// </summary>
internal static class DirectMap
{
    private const ulong StartOfFourLevels = 0xffff_8880_0000_0000;
    private const ulong StartOfFiveLevels = 0xff11_0000_0000_0000;

    internal static VirtualAddress? AddressOf(CrashedKernel kernel, PhysicalAddress address) =>
        Start(kernel) is { } start ? new VirtualAddress(unchecked(start + address.Value)) : null;

    /// <summary>The physical address of one that lies in the map, where all RAM could be; null for others.</summary>
    internal static PhysicalAddress? PhysicalOf(CrashedKernel kernel, VirtualAddress address) =>
        Start(kernel) is { } start && unchecked(address.Value - start) is var physical
            && physical < kernel.Dump.EndPfn.Address.Value ? new PhysicalAddress(physical) : null;

    /// <summary>What is added to a physical address.</summary>
    private static ulong? Start(CrashedKernel kernel)
    {
        // arm64, since 5.4: the lower half of the kernel's addresses, from the first byte of RAM on.
        if (kernel.Dump.Vmcoreinfo.TryGetText("NUMBER(PHYS_OFFSET)", out _))
        {
            return kernel.Dump.Vmcoreinfo.TryGetNumber("PHYS_OFFSET", out long first)
                && kernel.Dump.Vmcoreinfo.TryGetNumber("VA_BITS", out long bits) && bits is > 0 and < 64
                ? unchecked((ulong.MaxValue << (int)bits) - (ulong)first) : null;
        }

        // x86-64: a variable where the place is random.
        if (kernel.TryFindGlobal("page_offset_base", "unsigned long", out KernelObject? variable))
        {
            return variable.Unsigned;
        }

        return kernel.Space.Levels == 5 ? StartOfFiveLevels : StartOfFourLevels;
    }
}
