using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Pages;

/// <summary>How a kernel's sections (<c>mem_section</c>) are laid out.</summary>
internal sealed record SparseShape
{
    private const int PointerSize = 8;
    private const int MaxAddressBits = 56;

    /// <summary>Elements of <c>mem_section</c>: roots, or sections where there are no roots.</summary>
    internal required int Count { get; init; }

    /// <summary>Whether the elements are pointers to pages of sections (CONFIG_SPARSEMEM_EXTREME).</summary>
    internal required bool HasRoots { get; init; }

    internal required int SectionSize { get; init; }

    /// <summary>Where a section has the address of its array of <c>struct page</c>.</summary>
    internal required int MapOffset { get; init; }

    internal required ulong PagesPerSection { get; init; }

    internal ulong SectionsPerElement => HasRoots ? (ulong)(Pfn.PageSize / SectionSize) : 1;

    /// <summary>The shape; null when a key is missing or absurd.</summary>
    internal static SparseShape? Read(PageKeys keys)
    {
        Vmcoreinfo info = keys.Info;
        if (!info.TryGetSymbol("mem_section", out _)
            || !info.TryGetNumber("SECTION_SIZE_BITS", out long bits) || bits is < 24 or > 40)
        {
            return null;
        }

        int size = keys.Size("mem_section");
        int offset = keys.Offset("mem_section", "section_mem_map");
        if (size is < 16 or > Pfn.PageSize || offset < 0 || offset > size - PointerSize)
        {
            return null;
        }

        // Without roots, and only then, there are as many elements as memory can have sections.
        bool knowsWidth = info.TryGetNumber("MAX_PHYSMEM_BITS", out long width) && width > bits && width <= MaxAddressBits;
        ulong sections = knowsWidth ? 1UL << (int)(width - bits) : 0;
        ulong perRoot = (ulong)(Pfn.PageSize / size);
        if (!info.TryGetLength("mem_section", out int count) || count == 0)
        {
            count = (int)Math.Min(int.MaxValue, (sections + perRoot - 1) / perRoot);
        }

        return count == 0 ? null : new SparseShape
        {
            Count = count,
            HasRoots = (ulong)count != sections,
            SectionSize = size,
            MapOffset = offset,
            PagesPerSection = 1UL << (int)(bits - Pfn.PageShift),
        };
    }
}
