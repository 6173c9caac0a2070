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

    /// <summary>An object and those that its pointer leads to, up to null or to the first one again.</summary>
    internal static KernelWalk<KernelObject> Following(KernelObject first, string member, int most) =>
        new(most, walk => FollowFrom(first, member, walk));

    private static IEnumerable<KernelObject> FollowFrom(KernelObject first, string member, KernelWalk<KernelObject> walk)
    {
        var loop = new LoopCheck();
        KernelObject place = first;
        while (true)
        {
            yield return place;
            if (!place[member].TryReadNumber(out ulong next, out MemoryFault fault))
            {
                walk.Stop(WalkEnd.Unreadable, fault);
                yield break;
            }

            if (next == 0 || next == first.Address.Value)
            {
                yield break;
            }

            if (loop.IsLoop(new VirtualAddress(next)))
            {
                walk.Stop(WalkEnd.Loop);
                yield break;
            }

            place = first.At(first.Type, new VirtualAddress(next));
        }
    }

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
