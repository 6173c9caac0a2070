using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Memory;

/// <summary>Finds mapped areas: in one tree until 6.8, then in one tree for each of some nodes.</summary>
internal static class VmallocList
{
    private const ulong MostNodes = 1024;

    internal static KernelWalk<VmallocArea> All(CrashedKernel kernel) =>
        new(kernel.MaxLinked, walk => Follow(kernel, walk));

    private static IEnumerable<VmallocArea> Follow(CrashedKernel kernel, KernelWalk<VmallocArea> walk)
    {
        (WalkEnd end, MemoryFault fault) = (WalkEnd.Complete, MemoryFault.None);
        List<KernelObject> roots = Roots(kernel);
        if (roots.Count == 0)
        {
            walk.Stop(WalkEnd.Damaged);
        }

        foreach (KernelObject root in roots)
        {
            KernelWalk<KernelObject> areas = kernel.Tree(root, "struct vmap_area", "rb_node");
            foreach (KernelObject area in areas)
            {
                yield return new VmallocArea(area);
            }

            if (areas.End != WalkEnd.Complete)
            {
                (end, fault) = (areas.End, areas.Fault);
            }
        }

        if (end != WalkEnd.Complete)
        {
            walk.Stop(end, fault);
        }
    }

    private static List<KernelObject> Roots(CrashedKernel kernel)
    {
        var roots = new List<KernelObject>();
        if (!kernel.Types.TryFind("struct vmap_area", out _))
        {
            return roots;
        }

        if (kernel.TryFindGlobal("vmap_area_root", out KernelObject? only))
        {
            roots.Add(only);
        }
        else if (kernel.TryFindGlobal("vmap_nodes", "struct vmap_node *", out KernelObject? nodes)
            && kernel.TryFindGlobal("nr_vmap_nodes", "int", out KernelObject? count) && count.Unsigned is { } number)
        {
            for (int i = 0; i < (int)Math.Min(number, MostNodes); i++)
            {
                roots.Add(nodes[i]["busy.root"]);
            }
        }

        return roots;
    }
}
