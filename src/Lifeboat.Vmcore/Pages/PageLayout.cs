using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// Where the fields of <c>struct page</c> are and how its flags and types are numbered; -1, 0 or none where the kernel
/// does not tell. docs/page-classes.md says what decides what in which kernel.
/// </summary>
internal sealed record PageLayout
{
    internal const int MaxPageStructSize = 512;

    private const int Missing = PageKeys.Missing;
    private const int DefaultFreeOrders = 11;

    internal int Size { get; init; }

    internal int Flags { get; init; } = Missing;

    internal int Mapping { get; init; } = Missing;

    internal int MapCount { get; init; } = Missing;

    internal int Private { get; init; } = Missing;

    /// <summary>
    /// The word whose lowest bit marks a tail: <c>compound_head</c>, from 7.1 on <c>compound_info</c>, which may be a
    /// mask instead of an address but has the same bit.
    /// </summary>
    internal int CompoundHead { get; init; } = Missing;

    /// <summary>How a compound page tells its order and that it is a huge page.</summary>
    internal CompoundLayout Compound { get; init; } = new();

    internal ulong Lru { get; init; }

    internal ulong PrivateFlag { get; init; }

    internal ulong SwapCache { get; init; }

    internal ulong SwapBacked { get; init; }

    internal ulong Slab { get; init; }

    internal ulong Poison { get; init; }

    internal ulong HeadMask { get; init; }

    internal PageType BuddyType { get; init; }

    internal PageType SlabType { get; init; }

    internal PageType OfflineType { get; init; }

    internal PageType UnacceptedType { get; init; }

    /// <summary>One more than the largest order of a free block; what is larger is damage.</summary>
    internal int FreeOrders { get; init; } = DefaultFreeOrders;

    /// <summary>Whether a free page says so itself; where it does not, the free lists are followed.</summary>
    internal bool TellsFree => !BuddyType.IsNone && MapCount >= 0 && Private >= 0;

    /// <summary>Collects the layout; null when pages cannot be told apart at all.</summary>
    /// <param name="keys">What the kernel exports.</param>
    /// <param name="level">What is wanted: a missing key matters only for a class that is.</param>
    /// <param name="notices">Told which classes are kept for want of a key.</param>
    internal static PageLayout? Read(PageKeys keys, DumpLevel level, List<Diagnostic> notices)
    {
        int size = keys.Size("page");
        bool isSane = size is >= 32 and <= MaxPageStructSize;
        int flags = isSane ? keys.PageOffset("flags", size, 8) : Missing;
        int mapping = isSane ? keys.PageOffset("mapping", size, 8) : Missing;
        if (flags < 0 || mapping < 0)
        {
            notices.Add(Kept("every class", "SIZE(page), OFFSET(page.flags), OFFSET(page.mapping)"));
            return null;
        }

        bool wantsCache = (level & (DumpLevel.Cache | DumpLevel.PrivateCache)) != DumpLevel.None;
        bool wantsUser = level.HasFlag(DumpLevel.User);
        bool wantsFree = level.HasFlag(DumpLevel.Free);
        ulong slab = keys.ExportedFlag("PG_slab");
        PageType slabType = slab == 0 ? keys.Type("slab") : keys.ExportedType("slab");
        var layout = new PageLayout
        {
            Size = size,
            Flags = flags,
            Mapping = mapping,
            MapCount = keys.PageOffset("_mapcount", size, 4),
            Private = wantsFree ? keys.PageOffset("private", size, 8) : Missing,
            CompoundHead = ReadCompoundHead(keys, size),
            Compound = CompoundLayout.Read(keys, size, wantsUser),
            Lru = wantsCache ? keys.Flag("PG_lru") : 0,
            PrivateFlag = wantsCache ? keys.Flag("PG_private") : 0,
            SwapCache = wantsCache ? keys.Flag("PG_swapcache") : 0,
            SwapBacked = wantsCache ? keys.Flag("PG_swapbacked") : 0,
            Slab = slab == 0 && slabType.IsNone ? keys.Flag("PG_slab") : slab,
            SlabType = slabType,
            HeadMask = ReadHeadMask(keys),
            BuddyType = wantsFree ? keys.Type("buddy") : PageType.None,
            FreeOrders = keys.Info.TryGetLength("zone.free_area", out int orders) && orders is > 0 and < 64
                ? orders : DefaultFreeOrders,

            // A kernel without these has no such pages, or keeps them in no way that can be seen.
            Poison = keys.ExportedFlag("PG_hwpoison"),
            OfflineType = keys.ExportedType("offline"),
            UnacceptedType = keys.ExportedType("unaccepted"),
        };
        layout.TellMissing(wantsCache, wantsUser, keys, notices);
        return layout;
    }

    internal static Diagnostic Kept(string what, string keys) =>
        new(VmcoreDiagnosticIds.ClassKept, $"pages of {what} cannot be told apart and are kept")
        {
            Where = "VMCOREINFO",
            Expected = keys,
        };

    private static int ReadCompoundHead(PageKeys keys, int size)
    {
        // Whichever is exported; only then are the kernel's types worth opening.
        string name = keys.Info.TryGetOffset("page.compound_info", out _) ? "compound_info" : "compound_head";
        int offset = keys.PageOffset(name, size, 8);
        return offset >= 0 ? offset : keys.PageOffset("compound_info", size, 8);
    }

    private static ulong ReadHeadMask(PageKeys keys) =>
        keys.Info.TryGetNumber("PG_head_mask", out long mask) ? unchecked((ulong)mask) : keys.Flag("PG_head");

    private void TellMissing(bool wantsCache, bool wantsUser, PageKeys keys, List<Diagnostic> notices)
    {
        if (wantsCache && (Lru == 0 || PrivateFlag == 0))
        {
            notices.Add(Kept("the page cache", "NUMBER(PG_lru), NUMBER(PG_private)"));
        }

        bool tellsSlab = Slab != 0 || (!SlabType.IsNone && MapCount >= 0);
        if (wantsUser && !tellsSlab)
        {
            notices.Add(Kept("processes", "NUMBER(PG_slab) or NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)"));
        }

        // Of a kernel whose types are known and name no huge page, none is missing.
        if (wantsUser && tellsSlab && !Compound.TellsHuge(MapCount >= 0) && keys.Layouts is null)
        {
            notices.Add(Kept(
                "hugetlbfs", "NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE), NUMBER(PG_hugetlb) or NUMBER(HUGETLB_PAGE_DTOR)"));
        }

        if (HeadMask == 0 || CompoundHead < 0 || !Compound.TellsOrder)
        {
            notices.Add(Kept(
                "compound pages but the first", "NUMBER(PG_head_mask), OFFSET(page.compound_head), the order's place"));
        }
    }
}
