using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>Where an older makedumpfile decides otherwise for a kernel newer than itself, and why.</summary>
internal static class KnownDifferences
{
    internal static bool Explain(DumpSource source, ulong pfn, PageState ours, PageState theirs) =>
        IsSlabTakenForAnonymous(source, pfn, ours, theirs) || IsCompoundOfUnknownOrder(source, pfn, ours, theirs)
            || IsTailTakenForAPage(source, pfn, ours, theirs);

    /// <summary>
    /// Kernel 7.1 renamed compound_head to compound_info. makedumpfile before 1.7.9 does not know, and takes every tail
    /// of a compound page that is kept for a page of its own, by fields that mean something else there.
    /// </summary>
    internal static bool IsTailTakenForAPage(DumpSource source, ulong pfn, PageState ours, PageState theirs)
    {
        if (ours is not (PageState.Present or PageState.Zero) || theirs != PageState.Excluded
            || !source.Vmcoreinfo.TryGetOffset("page.compound_info", out int offset))
        {
            return false;
        }

        return (BitConverter.ToUInt64(ReadPageStruct(source, pfn, out _), offset) & 1) != 0;
    }

    /// <summary>
    /// makedumpfile 1.7.2 does not know that 6.10 made slab a page type, and takes a slab page whose freelist
    /// counters happen to set the low bit of page->mapping for a process's. We keep it, as newer makedumpfiles do.
    /// </summary>
    private static bool IsSlabTakenForAnonymous(DumpSource source, ulong pfn, PageState ours, PageState theirs)
    {
        if (ours is not (PageState.Present or PageState.Zero) || theirs != PageState.Excluded)
        {
            return false;
        }

        // A tail shares its head's fate: slabs are at most 8 pages, aligned to their size.
        for (ulong head = pfn; head + 8 > pfn; head--)
        {
            byte[] page = ReadPageStruct(source, head, out PageLayout layout);
            if (layout.SlabType.Matches(BitConverter.ToUInt32(page, layout.MapCount)))
            {
                return (BitConverter.ToUInt64(page, layout.Mapping) & 1) != 0;
            }

            if ((BitConverter.ToUInt64(page, layout.CompoundHead) & 1) == 0)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>
    /// makedumpfile 1.7.2 does not know where kernels from 6.6 on keep a compound page's order, and keeps all of
    /// a huge page but the first.
    /// </summary>
    private static bool IsCompoundOfUnknownOrder(DumpSource source, ulong pfn, PageState ours, PageState theirs)
    {
        byte[] page = ReadPageStruct(source, pfn, out PageLayout layout);
        bool isTail = (BitConverter.ToUInt64(page, layout.CompoundHead) & 1) != 0;
        bool isHead = (BitConverter.ToUInt64(page, layout.Flags) & layout.HeadMask) != 0;
        return layout.Compound.OrderIsInFlags && (isTail || isHead)
            && ours == PageState.Excluded && theirs is PageState.Present or PageState.Zero;
    }

    private static byte[] ReadPageStruct(DumpSource source, ulong pfn, out PageLayout layout)
    {
        var keys = new PageKeys(source.Vmcoreinfo);
        layout = PageLayout.Read(keys, DumpLevel.All, [])!;
        var space = AddressSpace.OpenKernel(source);
        MemoryMap map = MemoryMap.Open(space, keys, layout.Size, [])!;
        byte[] page = new byte[layout.Size];
        Assert.True(map.TryFind(pfn, out VirtualAddress address, out _));
        Assert.Equal(page.Length, space.Read(address, page, out _));
        return page;
    }
}
