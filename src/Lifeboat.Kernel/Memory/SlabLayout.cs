using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>What differs between kernels of how SLUB links its slabs.</summary>
internal sealed class SlabLayout
{
    private SlabLayout(KernelType slab, string listMember)
    {
        (Slab, ListMember) = (slab, listMember);
        NextMember = slab.TryFindMember("next", out _) ? "next" : null;
    }

    /// <summary><c>struct slab</c>, before 5.17 <c>struct page</c>.</summary>
    internal KernelType Slab { get; }

    /// <summary>The link in the list of slabs that are partly used.</summary>
    internal string ListMember { get; }

    /// <summary>The link in a CPU's own chain of such slabs; null where CPUs keep objects instead (7.x).</summary>
    internal string? NextMember { get; }

    /// <summary>Null for a kernel without SLUB.</summary>
    internal static SlabLayout? Read(CrashedKernel kernel)
    {
        if (!kernel.Types.TryFind("struct slab", out KernelType? slab) && !kernel.Types.TryFind("struct page", out slab))
        {
            return null;
        }

        string list = slab.TryFindMember("slab_list", out _) ? "slab_list" : "lru";
        return slab.TryFindMember("freelist", out _) && slab.TryFindMember("inuse", out _) && slab.TryFindMember(list, out _)
            ? new SlabLayout(slab, list) : null;
    }
}
