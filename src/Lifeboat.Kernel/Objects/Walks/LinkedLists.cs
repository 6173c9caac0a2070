using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>The kernel's linked lists: <c>list_head</c>, <c>hlist_head</c>, <c>llist_head</c>.</summary>
internal static class LinkedLists
{
    /// <summary>The elements of a ring that <paramref name="head"/> belongs to and is not one of.</summary>
    internal static KernelWalk<KernelObject> Ring(KernelObject head, int most) =>
        new(most, walk => Follow(head, "next", head.Address, walk));

    /// <summary>The elements of a list that begins with a pointer in <paramref name="head"/> and ends with null.</summary>
    internal static KernelWalk<KernelObject> Chain(KernelObject head, int most) =>
        new(most, walk => Follow(head, "first", VirtualAddress.Null, walk));

    private static IEnumerable<KernelObject> Follow(
        KernelObject head, string firstLink, VirtualAddress end, KernelWalk<KernelObject> walk)
    {
        var loop = new LoopCheck();
        KernelObject place = head;
        string link = firstLink;
        while (true)
        {
            KernelObject pointer = place[link];
            if (!pointer.TryReadNumber(out ulong next, out MemoryFault fault))
            {
                walk.Stop(WalkEnd.Unreadable, fault);
                yield break;
            }

            // The last element of a bit-locked or nulls list has its low bit set.
            if (next == end.Value || (end == VirtualAddress.Null && (next & 1) != 0))
            {
                yield break;
            }

            if (loop.IsLoop(new VirtualAddress(next)))
            {
                walk.Stop(WalkEnd.Loop);
                yield break;
            }

            place = pointer.Target;
            link = "next";
            yield return place;
        }
    }
}
