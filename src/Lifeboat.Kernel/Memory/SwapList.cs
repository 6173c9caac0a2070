using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>Finds the swap areas.</summary>
internal static class SwapList
{
    private const int Most = 32; // 5 bits of an entry of a page table
    private const ulong Used = 1; // SWP_USED

    internal static IReadOnlyList<SwapArea> All(CrashedKernel kernel)
    {
        var areas = new List<SwapArea>();
        if (!kernel.TryFindGlobal("nr_swapfiles", "unsigned int", out KernelObject? count)
            || !kernel.TryFindGlobal("swap_info", "struct swap_info_struct *", out KernelObject? table))
        {
            return areas;
        }

        for (int number = 0; number < (int)Math.Min(count.Unsigned ?? 0, Most); number++)
        {
            KernelObject place = table.At(table.Type, table.Address + new ByteCount((ulong)number * 8));
            if (place.Pointer is { Value: not 0 } && place.Target is var area && area["flags"].Unsigned is { } flags && (flags & Used) != 0)
            {
                areas.Add(new SwapArea(kernel, number, area));
            }
        }

        return areas;
    }
}
