namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>
/// How the kernels of a time mark pages, and the keys of VMCOREINFO that say so; numbers from the headers of each
/// (include/linux/page-flags.h, kernel/crash_core.c, kernel/vmcore_info.c).
/// </summary>
internal sealed record KernelEra(string Release)
{
    internal static IReadOnlyList<KernelEra> All { get; } =
    [
        new("4.18.0")
        {
            Lru = 5, Private = 12, SwapCache = 9, SwapBacked = 18, Slab = 8, Poison = 22, Head = 15, Buddy = -129,
            Order = OrderPlace.Page,
        },
        new("5.4.0") { Buddy = -129, Offline = -257, Order = OrderPlace.Page },
        new("6.3.0") { Buddy = -129, Offline = -257, Order = OrderPlace.Folio },
        new("6.6.0")
        {
            Lru = 5, Private = 15, SwapCache = 12, SwapBacked = 19, Slab = 11, Poison = 22, Head = 6,
            Buddy = -129, Offline = -257, Order = OrderPlace.Flags, HugeFlag = 8,
        },
        new("6.9.0")
        {
            Lru = 5, Private = 15, SwapCache = 12, SwapBacked = 19, Slab = 11, Poison = 22, Head = 6,
            Buddy = -129, Offline = -257, Huge = -2049, Order = OrderPlace.Flags,
        },
        new("6.11.0")
        {
            Lru = 5, Private = 14, SwapCache = 11, SwapBacked = 18, Slab = null, Poison = 22, Head = 6,
            Buddy = ~0x4000_0000, Offline = ~0x2000_0000, SlabType = ~0x0200_0000, Huge = ~0x0400_0000,
            Order = OrderPlace.Flags,
        },
        new("6.15.0")
        {
            Lru = 5, Private = 14, SwapCache = 11, SwapBacked = 17, Slab = null, Poison = 21, Head = 6,
            Buddy = -268435456, Offline = -251658240, SlabType = -184549376, Huge = -201326592,
            Unaccepted = -150994944, Order = OrderPlace.Flags,
        },
        new("7.1.0")
        {
            Lru = 5, Private = 14, SwapCache = 10, SwapBacked = 17, Slab = null, Poison = 21, Head = 6,
            Buddy = -268435456, Offline = -251658240, SlabType = -184549376, Huge = -201326592,
            Unaccepted = -150994944, Order = OrderPlace.Flags, TailField = "compound_info",
        },
    ];

    internal int Lru { get; init; } = 4;

    internal int Private { get; init; } = 13;

    internal int SwapCache { get; init; } = 10;

    internal int SwapBacked { get; init; } = 19;

    internal int? Slab { get; init; } = 9;

    internal int Poison { get; init; } = 23;

    internal int Head { get; init; } = 16;

    internal int Buddy { get; init; }

    internal int? Offline { get; init; }

    internal int? SlabType { get; init; }

    internal int? Huge { get; init; }

    internal int? Unaccepted { get; init; }

    internal int? HugeFlag { get; init; }

    internal OrderPlace Order { get; init; }

    internal string TailField { get; init; } = "compound_head";

    /// <summary>Whether page types are enumerators; before they were macros, which no type data has.</summary>
    internal bool HasNamedTypes => SlabType is not null;

    /// <summary>The lines that the kernel exports about pages.</summary>
    internal IEnumerable<string> Lines()
    {
        string[] offsets = ["flags=0", "_refcount=52", "mapping=24", "lru=8", "_mapcount=48", "private=40", $"{TailField}=8"];
        return
        [
            "SIZE(page)=64",
            .. offsets.Select(static offset => $"OFFSET(page.{offset.Replace("=", ")=", StringComparison.Ordinal)}"),
            "LENGTH(zone.free_area)=11",
            .. Numbers("PG_lru", Lru, "PG_private", Private, "PG_swapcache", SwapCache, "PG_swapbacked", SwapBacked),
            .. Numbers("PG_slab", Slab, "PG_hwpoison", Poison, "PG_head_mask", 1 << Head, "PG_hugetlb", HugeFlag),
            .. Numbers("PAGE_BUDDY_MAPCOUNT_VALUE", Buddy, "PAGE_OFFLINE_MAPCOUNT_VALUE", Offline),
            .. Numbers("PAGE_SLAB_MAPCOUNT_VALUE", SlabType, "PAGE_HUGETLB_MAPCOUNT_VALUE", Huge),
            .. Numbers("PAGE_UNACCEPTED_MAPCOUNT_VALUE", Unaccepted),
            .. Order switch
            {
                OrderPlace.Page => ["OFFSET(page.compound_dtor)=16", "OFFSET(page.compound_order)=17", "NUMBER(HUGETLB_PAGE_DTOR)=2"],
                OrderPlace.Folio => ["OFFSET(folio._folio_dtor)=80", "OFFSET(folio._folio_order)=81", "NUMBER(HUGETLB_PAGE_DTOR)=2"],
                _ => (string[])[],
            },
        ];
    }

    private static IEnumerable<string> Numbers(params object?[] pairs) => Enumerable.Range(0, pairs.Length / 2)
        .Where(i => pairs[(2 * i) + 1] is not null).Select(i => $"NUMBER({pairs[2 * i]})={pairs[(2 * i) + 1]}");
}
