using System.Buffers.Binary;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// Decides from one <c>struct page</c> what its page, or the block of pages that it heads, was used for.
/// </summary>
/// <remarks>
/// <para>The same set as makedumpfile's, kernels 5.10 to 6.12. The order of the questions matters: a free page is asked
/// for first, because the fields of the others are stale in it; slab pages use the field that tells anonymous
/// memory.</para>
/// </remarks>
internal sealed class PageRules(PageLayout layout, DumpLevel level)
{
    private const ulong MappingIsAnonymous = 1; // PAGE_MAPPING_ANON
    private const ulong IsTail = 1; // the low bit of page->compound_head
    private const int MaxCompoundOrder = 24;

    private readonly bool _wantsCache = (level & (DumpLevel.Cache | DumpLevel.PrivateCache)) != DumpLevel.None
        && layout.Lru != 0 && layout.PrivateFlag != 0;

    private readonly bool _wantsPrivate = level.HasFlag(DumpLevel.PrivateCache);
    private readonly bool _wantsUser = level.HasFlag(DumpLevel.User)
        && (layout.Slab != 0 || layout.SlabType is not null);
    private readonly bool _wantsFree = level.HasFlag(DumpLevel.Free)
        && layout.BuddyType is not null && layout.MapCount >= 0 && layout.Private >= 0;

    private readonly bool _wantsUnaccepted = level.HasFlag(DumpLevel.Free)
        && layout.UnacceptedType is not null && layout.MapCount >= 0;

    /// <summary>Decides.</summary>
    /// <param name="page">The page's structure.</param>
    /// <param name="next">The next page's structure; empty when it is not at hand.</param>
    /// <param name="pfn">The page's number: a block's must be a multiple of its size.</param>
    /// <param name="order">log2 of the number of pages, from this one on, that the answer is for.</param>
    /// <param name="isDamaged">Whether the structure contradicts itself.</param>
    internal PageClass Classify(
        ReadOnlySpan<byte> page, ReadOnlySpan<byte> next, ulong pfn, out int order, out bool isDamaged)
    {
        order = 0;
        isDamaged = false;
        ulong flags = ReadLong(page, layout.Flags);
        uint type = layout.MapCount >= 0 ? BinaryPrimitives.ReadUInt32LittleEndian(page[layout.MapCount..]) : 0;

        // A tail's head was met before it, and decided for it.
        if (layout.CompoundHead >= 0 && (ReadLong(page, layout.CompoundHead) & IsTail) != 0)
        {
            return PageClass.Kernel;
        }

        bool isSlab = (flags & layout.Slab) != 0 || type == layout.SlabType;
        if (_wantsFree && type == layout.BuddyType && !isSlab)
        {
            return ClassifyFree(page, pfn, out order, out isDamaged);
        }

        if (_wantsUnaccepted && type == layout.UnacceptedType)
        {
            // Only blocks of the largest order are ever kept unaccepted.
            order = layout.FreeOrders - 1;
            return PageClass.Free;
        }

        bool isHuge = false;
        int compoundOrder = (flags & layout.HeadMask) != 0 && !next.IsEmpty
            ? ReadCompound(next, type, pfn, out isHuge) : 0;
        PageClass found = ClassifyUsed(flags, type, ReadLong(page, layout.Mapping), isSlab, isHuge);
        order = found == PageClass.Kernel ? 0 : compoundOrder;
        return found;
    }

    private static ulong ReadLong(ReadOnlySpan<byte> page, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]);

    private PageClass ClassifyFree(ReadOnlySpan<byte> page, ulong pfn, out int order, out bool isDamaged)
    {
        ulong found = ReadLong(page, layout.Private);
        isDamaged = found >= (ulong)layout.FreeOrders || (pfn & ((1UL << (int)found) - 1)) != 0;
        order = isDamaged ? 0 : (int)found;
        return isDamaged ? PageClass.Kernel : PageClass.Free;
    }

    private PageClass ClassifyUsed(ulong flags, uint type, ulong mapping, bool isSlab, bool isHuge)
    {
        bool isAnonymous = (mapping & MappingIsAnonymous) != 0 && !isSlab;
        if (_wantsCache && !isAnonymous && IsCache(flags))
        {
            bool isPrivate = (flags & layout.PrivateFlag) != 0;
            if (!isPrivate || _wantsPrivate)
            {
                return isPrivate ? PageClass.PrivateCache : PageClass.Cache;
            }
        }

        if (_wantsUser && (isAnonymous || isHuge))
        {
            return PageClass.User;
        }

        if ((flags & layout.Poison) != 0)
        {
            return PageClass.HardwarePoison;
        }

        return layout.OfflineType is { } offline && type == offline && layout.MapCount >= 0 && !isSlab
            ? PageClass.Offline : PageClass.Kernel;
    }

    // PG_swapcache shares its bit with another flag unless PG_swapbacked is set too.
    private bool IsCache(ulong flags) =>
        (flags & layout.Lru) != 0 || ((flags & layout.SwapCache) != 0 && (flags & layout.SwapBacked) != 0);

    private int ReadCompound(ReadOnlySpan<byte> next, uint type, ulong pfn, out bool isHuge)
    {
        int order = 0;
        if (layout.OrderIsInFlags)
        {
            ulong nextFlags = ReadLong(next, layout.Flags);
            order = (int)(nextFlags & 0xff);
            isHuge = layout.HugeType is { } huge ? type == huge : (nextFlags & layout.HugeFlag) != 0;
        }
        else
        {
            order = layout.CompoundOrder >= 0 ? next[layout.CompoundOrder] : 0;
            isHuge = layout.HugePageDestructor >= 0 && layout.CompoundDestructor >= 0
                && next[layout.CompoundDestructor] == layout.HugePageDestructor;
        }

        // 1 GiB in 4 KiB pages is order 18; what is larger than any page, or not aligned to itself, is damage.
        return order > MaxCompoundOrder || (pfn & ((1UL << order) - 1)) != 0 ? 0 : order;
    }
}
