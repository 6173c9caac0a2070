using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Memory;

/// <summary>How much of a cache is used, by the counters and lists that it keeps itself.</summary>
/// <param name="Slabs">Its slabs.</param>
/// <param name="Objects">Objects that they have room for.</param>
/// <param name="FreeInNodes">Free ones of slabs on the lists of the nodes: all that /proc/slabinfo counts as free.</param>
/// <param name="FreeInCpus">Free ones that CPUs keep for themselves.</param>
/// <param name="IsDamaged">Whether a list could not be followed to its end, or more is free than there is.</param>
public sealed record SlabUsage(long Slabs, long Objects, long FreeInNodes, long FreeInCpus, bool IsDamaged)
{
    /// <summary>Objects in use.</summary>
    public long Allocated => Math.Max(0, Objects - FreeInNodes - FreeInCpus);

    internal static SlabUsage Count(CrashedKernel kernel, SlabCache cache)
    {
        (long slabs, long objects, long free, bool isDamaged) = (0, 0, 0, kernel.Memory.SlabLayout is null);
        foreach (KernelObject node in NodesOf(kernel, cache))
        {
            if (!node.TryGet("nr_slabs.counter", out KernelObject? slabCount) || slabCount.Signed is not { } nodeSlabs
                || node["total_objects.counter"].Signed is not { } nodeObjects)
            {
                isDamaged = true;
                continue;
            }

            (slabs, objects) = (slabs + nodeSlabs, objects + nodeObjects);
            if (kernel.Memory.SlabLayout is not { } layout)
            {
                continue;
            }

            KernelWalk<KernelObject> partial = LinkedLists.Ring(node["partial"], kernel.MaxLinked);
            foreach (KernelObject link in partial)
            {
                KernelObject slab = link.ContainerOf(layout.Slab, layout.ListMember);
                long? slabFree = slab["objects"].Signed - slab["inuse"].Signed;
                isDamaged |= slabFree is null or < 0;
                free += Math.Max(0, slabFree ?? 0);
            }

            isDamaged |= partial.End != WalkEnd.Complete;
        }

        SlabCpuObjects cpus = cache.CpuObjects;
        long inCpus = cpus.Count + cpus.FreeInSlabs;
        return new SlabUsage(slabs, objects, free, inCpus, isDamaged || cpus.IsDamaged || free + inCpus > objects);
    }

    private static List<KernelObject> NodesOf(CrashedKernel kernel, SlabCache cache)
    {
        var found = new List<KernelObject>();
        bool isNested = cache.Object.TryGet("per_node", out KernelObject? nodes);
        if (!isNested && !cache.Object.TryGet("node", out nodes))
        {
            return found;
        }

        // The array is as long as there are nodes, whatever its type says.
        foreach (int number in kernel.Memory.NodeNumbers)
        {
            if (number < nodes!.Type.ElementCount && (isNested ? nodes[number]["node"] : nodes[number]) is { Pointer: { Value: not 0 } } node)
            {
                found.Add(node.Target);
            }
        }

        return found;
    }
}
