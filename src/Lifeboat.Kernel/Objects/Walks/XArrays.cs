using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>XArrays (<c>struct xarray</c>, since 4.20 the radix trees too): entries by number.</summary>
/// <remarks>
/// <code>
/// ....00  a pointer, or null
/// ....01  a value
/// ....10  internal: above 4096 a node, below a sibling of an entry that covers several numbers, or a retry
/// </code>
/// </remarks>
internal static class XArrays
{
    private const int MaxHeight = 16;
    private const ulong Internal = 2;
    private const ulong KindBits = 3;
    private const ulong FirstNode = 4096;

    /// <summary>The entries that are not null, by number.</summary>
    /// <param name="array">The <c>struct xarray</c>.</param>
    /// <param name="node">The type <c>struct xa_node</c>.</param>
    /// <param name="most">Where to break off.</param>
    internal static KernelWalk<IndexedEntry> Entries(KernelObject array, KernelType node, int most) =>
        new(most, walk => Follow(array, node, walk));

    private static IEnumerable<IndexedEntry> Follow(KernelObject array, KernelType nodeType, KernelWalk<IndexedEntry> walk)
    {
        if (!array["xa_head"].TryReadNumber(out ulong head, out MemoryFault fault))
        {
            walk.Stop(WalkEnd.Unreadable, fault);
            yield break;
        }

        if (!IsNode(head))
        {
            if (head != 0)
            {
                yield return new IndexedEntry(0, 0, new VirtualAddress(head));
            }

            yield break;
        }

        var above = new Stack<Level>();
        if (!TryEnter(array, nodeType, head, 0, above, walk))
        {
            yield break;
        }

        while (above.TryPeek(out Level? level))
        {
            if (level.Next == level.Slots)
            {
                above.Pop();
                continue;
            }

            int slot = level.Next++;
            ulong index = level.First + ((ulong)slot << level.Shift);
            if (!level.Node["slots"][slot].TryReadNumber(out ulong entry, out fault))
            {
                walk.Stop(WalkEnd.Unreadable, fault);
                continue;
            }

            if (IsNode(entry))
            {
                _ = TryEnter(array, nodeType, entry, index, above, walk);
            }
            else if (entry != 0 && (entry & KindBits) != Internal)
            {
                yield return new IndexedEntry(index, index, new VirtualAddress(entry));
            }
        }
    }

    private static bool TryEnter(
        KernelObject array, KernelType nodeType, ulong entry, ulong first, Stack<Level> above, KernelWalk<IndexedEntry> walk)
    {
        if (!walk.TryVisit())
        {
            above.Clear();
            return false;
        }

        KernelObject node = array.At(nodeType, new VirtualAddress(entry - Internal));
        ulong parent = 0;
        if (!node["shift"].TryReadNumber(out ulong shift, out MemoryFault fault)
            || (node.TryGet("parent", out KernelObject? link) && !link.TryReadNumber(out parent, out fault)))
        {
            walk.Stop(WalkEnd.Unreadable, fault);
            return false;
        }

        // A node covers less than the one above, and names it and its slot there: no way goes round, no node comes twice.
        int slots = (int)Math.Clamp(node["slots"].Type.ElementCount, 0, 64);
        above.TryPeek(out Level? over);
        bool isChild = link is null || (parent == (over?.Node.Address.Value ?? 0)
            && (over is null || node["offset"].Unsigned == (ulong)over.Next - 1));
        if (above.Count == MaxHeight || shift > 63 || !isChild || (int)shift >= over?.Shift)
        {
            walk.Stop(WalkEnd.Damaged);
            return false;
        }

        above.Push(new Level(node, (int)shift, slots, first));
        return true;
    }

    private static bool IsNode(ulong entry) => (entry & KindBits) == Internal && entry > FirstNode;

    private sealed class Level(KernelObject node, int shift, int slots, ulong first)
    {
        internal KernelObject Node => node;

        internal int Shift => shift;

        internal int Slots => slots;

        internal ulong First => first;

        internal int Next { get; set; }
    }
}
