using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Memory;

/// <summary>Free blocks of one size in a zone (<c>struct free_area</c>).</summary>
public sealed class FreeArea
{
    private const int MostKinds = 16;

    private readonly CrashedKernel _kernel;

    internal FreeArea(CrashedKernel kernel, int order, KernelObject area) => (_kernel, Order, Object) = (kernel, order, area);

    /// <summary>log2 of a block's pages.</summary>
    public int Order { get; }

    /// <summary>The <c>struct free_area</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Blocks, as the kernel counts them; null when that cannot be read.</summary>
    public long? BlockCount => Object["nr_free"].Signed;

    /// <summary>What its lists are for: <c>unmovable</c>, <c>movable</c> ...</summary>
    public IReadOnlyList<string> Kinds
    {
        get
        {
            var kinds = new List<string>();
            bool isNamed = _kernel.Types.TryFind("enum migratetype", out KernelType? type);
            for (int kind = 0; kind < Math.Min(Object["free_list"].Type.ElementCount, MostKinds); kind++)
            {
                // Two names of one value: the second begins where pages of CPUs end.
                string? name = isNamed ? type!.NameOf(kind) : null;
                name = name == "MIGRATE_PCPTYPES" ? "MIGRATE_HIGHATOMIC" : name;
                kinds.Add(name?.Replace("MIGRATE_", "", StringComparison.Ordinal).ToLowerInvariant() ?? $"{kind}");
            }

            return kinds;
        }
    }

    /// <summary>The first page of each block on a list.</summary>
    /// <param name="kind">The list's place in <see cref="Kinds"/>.</param>
    public KernelWalk<VirtualAddress> Blocks(int kind)
    {
        KernelType page = _kernel.Type("struct page");
        string link = page.TryFindMember("buddy_list", out _) ? "buddy_list" : "lru";
        return LinkedLists.Ring(Object["free_list"][kind], _kernel.MaxLinked).Select(entry => entry.ContainerOf(page, link).Address);
    }
}
