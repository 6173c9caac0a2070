using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Erasing;

/// <summary>Objects of slab caches.</summary>
internal static class SlabObjects
{
    /// <summary>Goes over the objects in use of the caches of a name.</summary>
    /// <returns>False when there is no such cache: it may also share another's.</returns>
    internal static bool InCache(EraseRun run, string name, Action<VirtualAddress> each)
    {
        bool isFound = false;
        foreach (SlabCache cache in run.Kernel.Memory.SlabCaches)
        {
            if (cache.Name == name)
            {
                isFound = true;
                In(cache, each);
            }
        }

        return isFound;
    }

    /// <summary>
    /// The same for the cache that a variable points to, which may be one that several kinds of objects of a size share.
    /// </summary>
    internal static bool InCacheOf(EraseRun run, string variable, Action<VirtualAddress> each) =>
        run.Kernel.TryFindGlobal(variable, "struct kmem_cache *", out KernelObject? pointer) && InCacheOf(run, pointer, each);

    /// <summary>The same for a pointer to a cache.</summary>
    internal static bool InCacheOf(EraseRun run, KernelObject pointer, Action<VirtualAddress> each)
    {
        if (pointer.Pointer is not { } place)
        {
            return false;
        }

        foreach (SlabCache cache in run.Kernel.Memory.SlabCaches)
        {
            if (cache.Object.Address == place)
            {
                In(cache, each);
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a cache is one of those for objects of any type (kmalloc-64, kmalloc-rnd-05-64, dma-kmalloc-64 ...).</summary>
    internal static bool IsKmalloc(SlabCache cache) => (cache.Name ?? "").Contains("kmalloc", StringComparison.Ordinal);

    /// <summary>Adds what a pointer points to, from there to the end of the object of the allocator's that it lies in.</summary>
    /// <returns>False when it points to no such object.</returns>
    internal static bool TryAddWhole(EraseRun run, string what, VirtualAddress address)
    {
        if (!run.Kernel.Memory.TryFindSlab(address, out Slab? slab) || slab.IndexOf(address) is not { } index
            || slab.Cache.ObjectSize is not { } size || !IsKmalloc(slab.Cache))
        {
            return false;
        }

        ulong before = unchecked(address.Value - slab.ObjectAt(index).Value);
        if (before >= size.Value)
        {
            return false;
        }

        run.Add(what, address, size.Value - before);
        return true;
    }

    private static void In(SlabCache cache, Action<VirtualAddress> each)
    {
        foreach (Slab slab in cache.Slabs)
        {
            for (int i = 0; i < slab.ObjectCount; i++)
            {
                if (slab.IsAllocated(i))
                {
                    each(slab.ObjectAt(i));
                }
            }
        }
    }
}
