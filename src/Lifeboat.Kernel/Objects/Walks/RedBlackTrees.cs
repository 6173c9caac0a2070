using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>The kernel's red-black trees: <c>rb_root</c>, <c>rb_root_cached</c>.</summary>
/// <remarks>A node that does not name the one above it as its parent is damage: no node can come twice.</remarks>
internal static class RedBlackTrees
{
    // A tree of 2^64 nodes is at most 128 high.
    private const int MaxHeight = 128;
    private const ulong ColorBits = 3;

    /// <summary>The nodes, in order.</summary>
    internal static KernelWalk<KernelObject> Nodes(KernelObject root, int most) => new(most, walk => Follow(root, walk));

    private static IEnumerable<KernelObject> Follow(KernelObject root, KernelWalk<KernelObject> walk)
    {
        KernelObject place = root.TryGet("rb_root", out KernelObject? cached) ? cached["rb_node"] : root["rb_node"];
        var above = new Stack<KernelObject>();
        VirtualAddress parent = VirtualAddress.Null;
        while (true)
        {
            if (!place.TryReadNumber(out ulong address, out MemoryFault fault))
            {
                walk.Stop(WalkEnd.Unreadable, fault);
                yield break;
            }

            if (address != 0)
            {
                KernelObject child = place.Target;
                if (!child["__rb_parent_color"].TryReadNumber(out ulong back, out fault))
                {
                    walk.Stop(WalkEnd.Unreadable, fault);
                    yield break;
                }

                if (above.Count == MaxHeight || (back & ~ColorBits) != parent.Value)
                {
                    walk.Stop(WalkEnd.Damaged);
                    yield break;
                }

                above.Push(child);
                (place, parent) = (child["rb_left"], child.Address);
                continue;
            }

            if (!above.TryPop(out KernelObject? node))
            {
                yield break;
            }

            yield return node;
            (place, parent) = (node["rb_right"], node.Address);
        }
    }
}
