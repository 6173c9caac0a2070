using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Memory;

/// <summary>Objects of a cache that are free, but kept ready by CPUs: on a CPU's own list, or from 6.18 on in sheaves.</summary>
/// <remarks>
/// <code>
/// until 6.x   cpu_slab (each CPU)     freelist -> object -> object ...            links as in a slab
/// later       cpu_sheaves (each CPU)  main, spare, rcu_free -> an array of objects
///             per_node                barn -> sheaves_full, a list of such arrays for all CPUs of the node
/// </code>
/// </remarks>
internal sealed class SlabCpuObjects
{
    private const int MostOfList = 1 << 15; // a slab has no more
    private const int MostOfSheaf = 1 << 16;

    private readonly CrashedKernel _kernel;
    private readonly SlabCache _cache;
    private readonly List<ulong> _objects = [];

    private SlabCpuObjects(CrashedKernel kernel, SlabCache cache) => (_kernel, _cache) = (kernel, cache);

    internal int Count => _objects.Count;

    /// <summary>Free objects of slabs that CPUs have taken, on the slabs' own lists.</summary>
    internal long FreeInSlabs { get; private set; }

    /// <summary>Whether a list could not be read to its end.</summary>
    internal bool IsDamaged { get; private set; }

    internal static SlabCpuObjects Read(CrashedKernel kernel, SlabCache cache)
    {
        var found = new SlabCpuObjects(kernel, cache);
        foreach (int cpu in kernel.Cpus)
        {
            if (kernel.PerCpuOffset(cpu) is not { } offset)
            {
                continue;
            }

            if (found.OfCpu("cpu_slab", offset) is { } slabs)
            {
                found.AddList(slabs);
            }
            else if (found.OfCpu("cpu_sheaves", offset) is { } sheaves)
            {
                found.AddSheaf(sheaves["main"]);
                found.AddSheaf(sheaves["spare"]);
                found.AddSheaf(sheaves["rcu_free"]);
            }
        }

        found.AddBarns();
        found._objects.Sort();
        return found;
    }

    internal bool Contains(VirtualAddress item) => _objects.BinarySearch(item.Value) >= 0;

    private KernelObject? OfCpu(string member, ByteCount offset) =>
        _cache.Object.TryGet(member, out KernelObject? pointer) && pointer is { Type.Target: { } type, Pointer: { Value: not 0 } start }
            ? pointer.At(type, start + offset) : null;

    private void AddList(KernelObject slabs)
    {
        if (slabs["freelist"].Pointer is not { } item)
        {
            IsDamaged = true;
            return;
        }

        for (int i = 0; item != VirtualAddress.Null && i < MostOfList; i++)
        {
            _objects.Add(item.Value);
            if (!_cache.TryReadNextFree(item, out item))
            {
                // What led here need not be an object at all.
                IsDamaged = true;
                _objects.RemoveAt(_objects.Count - 1);
                break;
            }
        }

        IsDamaged |= item != VirtualAddress.Null;
        if ((slabs.TryGet("slab", out KernelObject? own) || slabs.TryGet("page", out own)) && own.Pointer is { Value: not 0 })
        {
            AddFree(own.Target);
        }

        if (slabs.TryGet("partial", out KernelObject? partial) && partial.Pointer is { Value: not 0 })
        {
            KernelWalk<KernelObject> chain = LinkedLists.Following(partial.Target, "next", _kernel.MaxLinked);
            foreach (KernelObject slab in chain)
            {
                AddFree(slab);
            }

            IsDamaged |= chain.End != WalkEnd.Complete;
        }
    }

    private void AddFree(KernelObject slab)
    {
        long? free = slab["objects"].Signed - slab["inuse"].Signed;
        IsDamaged |= free is null or < 0;
        FreeInSlabs += Math.Max(0, free ?? 0);
    }

    private void AddSheaf(KernelObject pointer)
    {
        if (pointer.Pointer is not { Value: 0 })
        {
            AddObjects(pointer.Target);
        }
    }

    private void AddObjects(KernelObject sheaf)
    {
        if (sheaf["size"].Unsigned is not ({ } size and <= MostOfSheaf))
        {
            IsDamaged = true;
            return;
        }

        KernelObject objects = sheaf["objects"];
        for (long i = 0; i < (long)size; i++)
        {
            if (objects[i].Unsigned is not { } item)
            {
                IsDamaged = true;
                return;
            }

            _objects.Add(item);
        }
    }

    private void AddBarns()
    {
        if (!_cache.Object.TryGet("per_node", out KernelObject? nodes))
        {
            return;
        }

        foreach (int node in _kernel.Memory.NodeNumbers)
        {
            if (node >= nodes.Type.ElementCount || !nodes[node].TryGet("barn", out KernelObject? barn) || barn.Pointer is null or { Value: 0 })
            {
                continue;
            }

            KernelWalk<KernelObject> sheaves = _kernel.List(barn.Target["sheaves_full"], "struct slab_sheaf", "barn_list");
            foreach (KernelObject sheaf in sheaves)
            {
                AddObjects(sheaf);
            }

            IsDamaged |= sheaves.End != WalkEnd.Complete;
        }
    }
}
