using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Memory;

/// <summary>Pages that hold objects of one cache, one after the other.</summary>
public sealed class Slab
{
    private const uint InUseMask = 0xffff;
    private const int ObjectsShift = 16;
    private const uint ObjectsMask = 0x7fff;

    private readonly CrashedKernel _kernel;
    private readonly VirtualAddress _firstFree;
    private bool[]? _free;

    private Slab(CrashedKernel kernel, SlabCache cache, Pfn pfn, VirtualAddress start, VirtualAddress firstFree, uint counters)
    {
        (_kernel, Cache, Pfn, Start, _firstFree) = (kernel, cache, pfn, start, firstFree);
        InUse = (int)(counters & InUseMask);
        ObjectCount = (int)((counters >> ObjectsShift) & ObjectsMask);
        Size = new ByteCount((ulong)Pfn.PageSize << cache.OrderFor(ObjectCount));
    }

    /// <summary>The cache it is of.</summary>
    public SlabCache Cache { get; }

    /// <summary>Its first page.</summary>
    public Pfn Pfn { get; }

    /// <summary>Where its memory begins, in the direct map.</summary>
    public VirtualAddress Start { get; }

    /// <summary>Its bytes.</summary>
    public ByteCount Size { get; }

    /// <summary>Objects that it has room for.</summary>
    public int ObjectCount { get; }

    /// <summary>Objects that are not on its own list of free ones; some may be free in a CPU's.</summary>
    public int InUse { get; }

    /// <summary>Whether the list of its free objects led out of it or in a circle, so that more may be free than are said to be.</summary>
    public bool IsDamaged { get; private set; }

    internal static Slab? Create(CrashedKernel kernel, SlabCache cache, Pfn pfn, ReadOnlySpan<byte> page, PageFields fields) =>
        kernel.DirectMapOf(pfn.Address) is { } start && cache.SlotSize is { Value: > 0 }
            ? new Slab(kernel, cache, pfn, start, fields.FreeList(page), fields.Counters(page)) : null;

    /// <summary>Where an object is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    public VirtualAddress ObjectAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ObjectCount);
        return Start + new ByteCount(((ulong)index * Cache.SlotSize!.Value.Value) + Cache.LeftPadding);
    }

    /// <summary>Which object an address lies in, with what stands between objects; null when it lies behind the last.</summary>
    public int? IndexOf(VirtualAddress address)
    {
        ulong distance = unchecked(address.Value - Start.Value);
        return address.Value >= Start.Value && distance / Cache.SlotSize!.Value.Value is var index && index < (ulong)ObjectCount
            ? (int)index : null;
    }

    /// <summary>Whether an object is in use: neither on the slab's list of free objects nor kept free by a CPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    public bool IsAllocated(int index)
    {
        VirtualAddress item = ObjectAt(index);
        return !(_free ??= ReadFree())[index] && !Cache.CpuObjects.Contains(item);
    }

    private bool[] ReadFree()
    {
        bool[] free = new bool[ObjectCount];
        VirtualAddress item = _firstFree;
        while (item != VirtualAddress.Null)
        {
            if (IndexOf(item) is not { } index || free[index] || ObjectAt(index) != item)
            {
                IsDamaged = true;
                break;
            }

            free[index] = true;
            if (!Cache.TryReadNextFree(item, out item))
            {
                IsDamaged = true;
                break;
            }
        }

        return free;
    }
}
