using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel.Memory;

/// <summary>Where a page of a process is.</summary>
/// <param name="State">Where, in a word.</param>
/// <param name="Physical">The address looked up, in RAM; null when it is not there.</param>
/// <param name="Size">Bytes of the page: 4 KiB, 2 MiB or 1 GiB; of the range that has nothing, where nothing is.</param>
/// <param name="Swap">The swap area; null for others and for one that cannot be found.</param>
/// <param name="SwapPlace">Which page of the swap area.</param>
/// <param name="Fault">Why its place is not known.</param>
public sealed record UserPage(
    UserPageState State, PhysicalAddress? Physical, ByteCount Size, SwapArea? Swap, Pfn SwapPlace, MemoryFault Fault)
{
    internal static UserPage Find(CrashedKernel kernel, ProcessMemory memory, VirtualAddress address)
    {
        if (memory.Space is not { } space)
        {
            var unknown = new MemoryFault(address.Value, MemoryFaultReason.Unmapped);
            return new UserPage(UserPageState.Unknown, null, ByteCount.Page, null, default, unknown);
        }

        if (!space.TryFindEntry(address, out PageTableEntry entry, out MemoryFault fault))
        {
            UserPageState state = fault.Reason == MemoryFaultReason.Unmapped ? UserPageState.Nothing : UserPageState.Unknown;
            return new UserPage(state, null, ByteCount.Page, null, default, fault);
        }

        PhysicalAddress? physical = entry.Physical is { } page
            ? page + new ByteCount(address.Value & (entry.Size.Value - 1)) : null;
        SwapArea? area = null;
        foreach (SwapArea candidate in entry.IsSwap ? kernel.Memory.SwapAreas : [])
        {
            area = candidate.Number == entry.SwapType ? candidate : area;
        }

        UserPageState found = entry.IsPresent ? UserPageState.InRam
            : entry.IsWithoutAccess ? UserPageState.WithoutAccess
            : entry.IsEmpty ? UserPageState.Nothing
            : area is not null ? UserPageState.Swapped : UserPageState.Marked;
        return new UserPage(found, physical, entry.Size, area, area is null ? default : entry.SwapPlace, MemoryFault.None);
    }
}
