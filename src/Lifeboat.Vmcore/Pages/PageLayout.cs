using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// Where the fields of <c>struct page</c> are and how its flags are numbered, all from VMCOREINFO; -1 where the kernel
/// does not export one.
/// </summary>
internal sealed record PageLayout
{
    internal const int MaxPageStructSize = 512;

    private const int Missing = -1;

    internal int Size { get; init; }

    internal int Flags { get; init; } = Missing;

    internal int Mapping { get; init; } = Missing;

    internal int MapCount { get; init; } = Missing;

    internal int Private { get; init; } = Missing;

    internal int CompoundHead { get; init; } = Missing;

    /// <summary>Where the second page of a compound page has its order, one byte (until 6.5).</summary>
    internal int CompoundOrder { get; init; } = Missing;

    /// <summary>
    /// Where the second page of a compound page says whether it is a huge page, one byte (until 6.5).
    /// </summary>
    internal int CompoundDestructor { get; init; } = Missing;

    internal int HugePageDestructor { get; init; } = Missing;

    internal ulong Lru { get; init; }

    internal ulong PrivateFlag { get; init; }

    internal ulong SwapCache { get; init; }

    internal ulong SwapBacked { get; init; }

    internal ulong Slab { get; init; }

    internal ulong Poison { get; init; }

    internal ulong HeadMask { get; init; }

    /// <summary>The flag of the second page that marks a huge page (6.6 to 6.8).</summary>
    internal ulong HugeFlag { get; init; }

    internal uint? BuddyType { get; init; }

    internal uint? SlabType { get; init; }

    /// <summary>The page type of huge pages (6.9 and later).</summary>
    internal uint? HugeType { get; init; }

    internal uint? OfflineType { get; init; }

    internal uint? UnacceptedType { get; init; }

    /// <summary>One more than the largest order of a free block; what is larger is damage.</summary>
    internal int FreeOrders { get; init; } = 11;

    /// <summary>The low byte of the second page's flags holds a compound page's order (6.6 and later).</summary>
    internal bool OrderIsInFlags => HugeFlag != 0 || HugeType is not null;

    /// <summary>Collects the layout; null when pages cannot be told apart at all.</summary>
    /// <param name="info">What the kernel exports.</param>
    /// <param name="level">What is wanted: a missing key matters only for a class that is.</param>
    /// <param name="notices">Told which classes are kept for want of a key.</param>
    internal static PageLayout? Read(Vmcoreinfo info, DumpLevel level, List<Diagnostic> notices)
    {
        if (!info.TryGetSize("page", out int size) || size is < 32 or > MaxPageStructSize
            || Offset(info, "flags", size, 8) < 0 || Offset(info, "mapping", size, 8) < 0)
        {
            notices.Add(Kept("every class", "SIZE(page), OFFSET(page.flags), OFFSET(page.mapping)"));
            return null;
        }

        bool hasOrders = info.TryGetLength("zone.free_area", out int orders) && orders is > 0 and < 64;
        var layout = new PageLayout
        {
            Size = size,
            Flags = Offset(info, "flags", size, 8),
            Mapping = Offset(info, "mapping", size, 8),
            MapCount = Offset(info, "_mapcount", size, 4),
            Private = Offset(info, "private", size, 8),
            CompoundHead = Offset(info, "compound_head", size, 8),
            CompoundOrder = SecondPageByte(info, "folio._folio_order", "page.compound_order", size),
            CompoundDestructor = SecondPageByte(info, "folio._folio_dtor", "page.compound_dtor", size),
            HugePageDestructor = info.TryGetNumber("HUGETLB_PAGE_DTOR", out long huge) && huge is >= 0 and < 256
                ? (int)huge : Missing,
            Lru = Bit(info, "PG_lru"),
            PrivateFlag = Bit(info, "PG_private"),
            SwapCache = Bit(info, "PG_swapcache"),
            SwapBacked = Bit(info, "PG_swapbacked"),
            Slab = Bit(info, "PG_slab"),
            Poison = Bit(info, "PG_hwpoison"),
            HeadMask = info.TryGetNumber("PG_head_mask", out long mask) ? unchecked((ulong)mask) : 0,
            HugeFlag = Bit(info, "PG_hugetlb"),
            BuddyType = Type(info, "BUDDY"),
            SlabType = Type(info, "SLAB"),
            HugeType = Type(info, "HUGETLB"),
            OfflineType = Type(info, "OFFLINE"),
            UnacceptedType = Type(info, "UNACCEPTED"),
            FreeOrders = hasOrders ? orders : 11,
        };
        layout.TellMissing(level, notices);
        return layout;
    }

    private static Diagnostic Kept(string what, string keys) =>
        new(VmcoreDiagnosticIds.ClassKept, $"pages of {what} cannot be told apart and are kept")
        {
            Where = "VMCOREINFO",
            Expected = keys,
        };

    private static int Offset(Vmcoreinfo info, string field, int size, int width) =>
        info.TryGetOffset($"page.{field}", out int offset) && offset <= size - width ? offset : Missing;

    private static int SecondPageByte(Vmcoreinfo info, string folioField, string pageField, int size)
    {
        // In struct folio (6.3 to 6.5) the field lies in the second page: its offset counts from the first.
        if (info.TryGetOffset(folioField, out int offset))
        {
            offset -= size;
        }
        else if (!info.TryGetOffset(pageField, out offset))
        {
            return Missing;
        }

        return offset >= 0 && offset < size ? offset : Missing;
    }

    private static ulong Bit(Vmcoreinfo info, string flag) =>
        info.TryGetNumber(flag, out long bit) && bit is >= 0 and < 64 ? 1UL << (int)bit : 0;

    private static uint? Type(Vmcoreinfo info, string name) =>
        info.TryGetNumber($"PAGE_{name}_MAPCOUNT_VALUE", out long value) ? unchecked((uint)value) : null;

    private void TellMissing(DumpLevel level, List<Diagnostic> notices)
    {
        if (level.HasFlag(DumpLevel.Free) && (BuddyType is null || MapCount < 0 || Private < 0))
        {
            notices.Add(Kept(
                "free memory", "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE), OFFSET(page._mapcount), OFFSET(page.private)"));
        }

        if ((level & (DumpLevel.Cache | DumpLevel.PrivateCache)) != DumpLevel.None && (Lru == 0 || PrivateFlag == 0))
        {
            notices.Add(Kept("the page cache", "NUMBER(PG_lru), NUMBER(PG_private)"));
        }

        if (level.HasFlag(DumpLevel.User) && Slab == 0 && SlabType is null)
        {
            notices.Add(Kept("processes", "NUMBER(PG_slab) or NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)"));
        }

        if ((level & ~DumpLevel.Zero) != DumpLevel.None
            && (HeadMask == 0 || CompoundHead < 0 || (CompoundOrder < 0 && !OrderIsInFlags)))
        {
            notices.Add(Kept(
                "compound pages but the first", "NUMBER(PG_head_mask), OFFSET(page.compound_head), the order's place"));
        }
    }
}
