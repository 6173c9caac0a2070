using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>The kernel's red-black trees: <c>rb_root</c>, <c>rb_root_cached</c>.</summary>
internal static class RedBlackTrees
{
    // A tree of 2^64 nodes is at most 128 high.
    private const int MaxHeight = 128;

    /// <summary>The nodes, in order.</summary>
    internal static KernelWalk<KernelObject> Nodes(KernelObject root, int most) => new(most, walk => Follow(root, walk));

    private static IEnumerable<KernelObject> Follow(KernelObject root, KernelWalk<KernelObject> walk)
    {
        KernelObject place = root.TryGet("rb_root", out KernelObject? cached) ? cached["rb_node"] : root["rb_node"];
        var above = new Stack<KernelObject>();
        while (true)
        {
            if (!place.TryReadNumber(out ulong address, out MemoryFault fault))
            {
                walk.Stop(WalkEnd.Unreadable, fault);
                yield break;
            }

            if (address != 0)
            {
                if (above.Count == MaxHeight)
                {
                    walk.Stop(WalkEnd.Damaged);
                    yield break;
                }

                above.Push(place.Target);
                place = above.Peek()["rb_left"];
                continue;
            }

            if (!above.TryPop(out KernelObject? node))
            {
                yield break;
            }

            yield return node;
            place = node["rb_right"];
        }
    }
}
