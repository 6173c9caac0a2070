using System.Buffers.Binary;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// Decides from one <c>struct page</c> what its page, or the block of pages that it heads, was used for.
/// </summary>
/// <remarks>
/// <para>The same set as makedumpfile's, kernels 4.18 to 7.2. The order of the questions matters: a free page is asked
/// for first, because the fields of the others are stale in it; slab pages use the field that tells anonymous
/// memory.</para>
/// </remarks>
internal sealed class PageRules
{
    private const ulong MappingIsAnonymous = 1; // PAGE_MAPPING_ANON
    private const ulong IsTail = 1; // the low bit of page->compound_head or compound_info

    private readonly PageLayout _layout;
    private readonly CompoundLayout _compound;
    private readonly bool _wantsCache;
    private readonly bool _wantsPrivate;
    private readonly bool _wantsUser;
    private readonly PageType _free;
    private readonly PageType _unaccepted;

    // What a page has none of that is nothing but the kernel's: for most pages that settles it.
    private readonly ulong _telling;
    private readonly int _flags;
    private readonly int _mapping;
    private readonly int _mapCount;
    private readonly int _compoundHead;

    internal PageRules(PageLayout layout, DumpLevel level)
    {
        _layout = layout;
        _compound = layout.Compound;
        (_flags, _mapping, _mapCount, _compoundHead) =
            (layout.Flags, layout.Mapping, layout.MapCount, layout.CompoundHead);
        _wantsCache = (level & (DumpLevel.Cache | DumpLevel.PrivateCache)) != DumpLevel.None
            && layout.Lru != 0 && layout.PrivateFlag != 0;
        _wantsPrivate = level.HasFlag(DumpLevel.PrivateCache);
        _wantsUser = level.HasFlag(DumpLevel.User)
            && (layout.Slab != 0 || (!layout.SlabType.IsNone && layout.MapCount >= 0));
        bool wantsFree = level.HasFlag(DumpLevel.Free);
        _free = wantsFree && layout.TellsFree ? layout.BuddyType : PageType.None;
        _unaccepted = wantsFree ? layout.UnacceptedType : PageType.None;
        _telling = layout.Lru | layout.SwapCache | layout.HeadMask | layout.Poison;
    }

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
        ulong flags = ReadLong(page, _flags);
        ulong mapping = ReadLong(page, _mapping);
        uint type = _mapCount >= 0 ? BinaryPrimitives.ReadUInt32LittleEndian(page[_mapCount..]) : 0;
        if ((flags & _telling) == 0 && (mapping & MappingIsAnonymous) == 0 && !PageType.IsTyped(type))
        {
            return PageClass.Kernel;
        }

        // A tail's head was met before it, and decided for it.
        if (_compoundHead >= 0 && (ReadLong(page, _compoundHead) & IsTail) != 0)
        {
            return PageClass.Kernel;
        }

        bool isSlab = (flags & _layout.Slab) != 0 || _layout.SlabType.Matches(type);
        if (_free.Matches(type) && !isSlab)
        {
            return ClassifyFree(ReadLong(page, _layout.Private), pfn, out order, out isDamaged);
        }

        if (_unaccepted.Matches(type))
        {
            // Only blocks of the largest order are ever kept unaccepted.
            return ClassifyFree((ulong)_layout.FreeOrders - 1, pfn, out order, out isDamaged);
        }

        int compoundOrder = 0;
        bool isHuge = false;
        if ((flags & _layout.HeadMask) != 0 && !next.IsEmpty && IsSecond(next))
        {
            ulong nextFlags = ReadLong(next, _flags);
            compoundOrder = _compound.ReadOrder(next, nextFlags, pfn);
            isHuge = _compound.IsHuge(next, nextFlags, type);
        }

        PageClass found = ClassifyUsed(flags, type, mapping, isSlab, isHuge);
        if (found is PageClass.User or PageClass.Cache or PageClass.PrivateCache && mapping != 0 && !IsKernelAddress(mapping))
        {
            // Whatever overwrote the map of memory: what it says by chance must not cost the page.
            isDamaged = true;
            found = PageClass.Kernel;
        }

        order = found == PageClass.Kernel ? 0 : compoundOrder;
        return found;
    }

    private static ulong ReadLong(ReadOnlySpan<byte> page, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]);

    // What owns a page of a process or of a file is in the kernel's half, whatever the number of levels and the architecture.
    private static bool IsKernelAddress(ulong value) => value >> 56 == 0xff;

    // A flag that says "head" before a page that is no tail is damage, or a compound page half made.
    private bool IsSecond(ReadOnlySpan<byte> next) =>
        _compoundHead < 0 || (ReadLong(next, _compoundHead) & IsTail) != 0;

    private PageClass ClassifyFree(ulong found, ulong pfn, out int order, out bool isDamaged)
    {
        isDamaged = found >= (ulong)_layout.FreeOrders || (pfn & ((1UL << (int)found) - 1)) != 0;
        order = isDamaged ? 0 : (int)found;
        return isDamaged ? PageClass.Kernel : PageClass.Free;
    }

    private PageClass ClassifyUsed(ulong flags, uint type, ulong mapping, bool isSlab, bool isHuge)
    {
        bool isAnonymous = (mapping & MappingIsAnonymous) != 0 && !isSlab;
        if (_wantsCache && !isAnonymous && IsCache(flags))
        {
            bool isPrivate = (flags & _layout.PrivateFlag) != 0;
            if (!isPrivate || _wantsPrivate)
            {
                return isPrivate ? PageClass.PrivateCache : PageClass.Cache;
            }
        }

        if (_wantsUser && (isAnonymous || isHuge))
        {
            return PageClass.User;
        }

        if ((flags & _layout.Poison) != 0)
        {
            return PageClass.HardwarePoison;
        }

        return _layout.OfflineType.Matches(type) && !isSlab ? PageClass.Offline : PageClass.Kernel;
    }

    // PG_swapcache shares its bit with another flag unless PG_swapbacked is set too.
    private bool IsCache(ulong flags) =>
        (flags & _layout.Lru) != 0 || ((flags & _layout.SwapCache) != 0 && (flags & _layout.SwapBacked) != 0);
}
