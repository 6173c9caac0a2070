using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>Maple trees (<c>struct maple_tree</c>, since 6.1): entries by ranges of numbers.</summary>
/// <remarks>
/// <code>
/// ma_root  .... ....10  an encoded node: the address of its 256 bytes, its type in bits 3 to 6
///          otherwise    the entry for number 0
/// node     pivots: the last number of each slot, up to the first 0 after the first slot; what is above is the last slot's
/// </code>
/// </remarks>
internal static class MapleTrees
{
    private const int MaxHeight = 32;
    private const ulong NodeMask = 0xff;
    private const ulong Leaf = 1;
    private const ulong Range = 2;
    private const ulong AllocationRange = 3;

    /// <summary>The entries that are not null, by number.</summary>
    /// <param name="tree">The <c>struct maple_tree</c>.</param>
    /// <param name="node">The type <c>struct maple_node</c>.</param>
    /// <param name="most">Where to break off.</param>
    internal static KernelWalk<IndexedEntry> Entries(KernelObject tree, KernelType node, int most) =>
        new(most, walk => Follow(tree, node, walk));

    private static IEnumerable<IndexedEntry> Follow(KernelObject tree, KernelType nodeType, KernelWalk<IndexedEntry> walk)
    {
        if (!tree["ma_root"].TryReadNumber(out ulong root, out MemoryFault fault))
        {
            walk.Stop(WalkEnd.Unreadable, fault);
            yield break;
        }

        if (!IsNode(root))
        {
            if (root != 0)
            {
                yield return new IndexedEntry(0, 0, new VirtualAddress(root));
            }

            yield break;
        }

        var above = new Stack<Level>();
        Enter(tree, nodeType, root, 0, ulong.MaxValue, above, walk);
        while (above.TryPeek(out Level? level))
        {
            if (!level.TryNext(out ulong first, out ulong last, out ulong entry, out fault))
            {
                if (fault != MemoryFault.None)
                {
                    walk.Stop(WalkEnd.Unreadable, fault);
                }

                above.Pop();
                continue;
            }

            if (!level.IsLeaf)
            {
                Enter(tree, nodeType, entry, first, last, above, walk);
            }
            else if (entry != 0)
            {
                yield return new IndexedEntry(first, last, new VirtualAddress(entry));
            }
        }
    }

    private static void Enter(
        KernelObject tree,
        KernelType nodeType,
        ulong encoded,
        ulong first,
        ulong last,
        Stack<Level> above,
        KernelWalk<IndexedEntry> walk)
    {
        if (!walk.TryVisit())
        {
            above.Clear();
            return;
        }

        ulong type = (encoded >> 3) & 0xf;
        KernelObject node = tree.At(nodeType, new VirtualAddress(encoded & ~NodeMask));
        if (type is < Leaf or > AllocationRange || above.Count == MaxHeight || !IsChild(node, above))
        {
            walk.Stop(WalkEnd.Damaged);
            return;
        }

        above.Push(new Level(node, type == AllocationRange ? "ma64" : "mr64", type == Leaf, first, last));
    }

    /// <summary>Whether a node names the one above it as its parent, and its slot there: so none can come twice.</summary>
    private static bool IsChild(KernelObject node, Stack<Level> above) => !above.TryPeek(out Level? over)
        || !node.TryGet("parent", out KernelObject? parent)
        || parent.Unsigned is not { } link
        || ((link & ~NodeMask) == over.Node.Address.Value && (link & NodeMask) >> 3 == (ulong)over.Slot);

    private static bool IsNode(ulong entry) => (entry & 3) == Range && entry > 4096;

    private sealed class Level
    {
        private readonly KernelObject _pivots;
        private readonly KernelObject _slots;
        private readonly int _slotCount;
        private readonly ulong _last;
        private ulong _next;
        private int _slot;
        private bool _isDone;

        internal Level(KernelObject node, string kind, bool isLeaf, ulong first, ulong last)
        {
            Node = node;
            _pivots = node[kind]["pivot"];
            _slots = node[kind]["slot"];
            _slotCount = (int)Math.Clamp(_slots.Type.ElementCount, 0, 64);
            (_next, _last, IsLeaf) = (first, last, isLeaf);
        }

        internal KernelObject Node { get; }

        internal bool IsLeaf { get; }

        /// <summary>The slot that was given last.</summary>
        internal int Slot => _slot - 1;

        internal bool TryNext(out ulong first, out ulong last, out ulong entry, out MemoryFault fault)
        {
            (first, last, entry, fault) = (_next, _last, 0, MemoryFault.None);
            if (_isDone || _slot == _slotCount)
            {
                return false;
            }

            bool hasPivot = _slot < _pivots.Type.ElementCount;
            if ((hasPivot && !_pivots[_slot].TryReadNumber(out last, out fault))
                || !_slots[_slot].TryReadNumber(out entry, out fault))
            {
                return false;
            }

            // After the last slot in use the pivots are 0; what the node covers ends with its own last number.
            if (!hasPivot || (last == 0 && _slot > 0) || last >= _last)
            {
                last = _last;
                _isDone = true;
            }

            if (last < first)
            {
                return false;
            }

            _slot++;
            _next = unchecked(last + 1);
            return true;
        }
    }
}
