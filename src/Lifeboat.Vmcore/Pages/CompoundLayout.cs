namespace Lifeboat.Vmcore.Pages;

/// <summary>
/// How a compound page tells its order and that it is a huge page (hugetlbfs). Both stand in the second page's
/// <c>struct page</c>, but for the type of huge pages from 6.9 on.
/// </summary>
/// <remarks>
/// <para>Until 6.2 <c>page.compound_order</c> and <c>compound_dtor</c>; 6.3 to 6.5 <c>folio._folio_order</c> and
/// <c>_folio_dtor</c>; 6.6 to 6.8 the low byte of the flags and the flag <c>PG_hugetlb</c>; later the same byte, and a
/// page type.</para>
/// </remarks>
internal sealed record CompoundLayout
{
    private const int Missing = PageKeys.Missing;

    // 1 GiB in 4 KiB pages is order 18; what is larger than any page is damage.
    private const int MaxOrder = PageClassifier.SpanOrder;

    /// <summary>Where the second page has its order, one byte.</summary>
    internal int OrderByte { get; init; } = Missing;

    internal bool OrderIsInFlags { get; init; }

    internal int DestructorByte { get; init; } = Missing;

    internal int HugeDestructor { get; init; } = Missing;

    /// <summary>The flag of the second page that marks a huge page.</summary>
    internal ulong HugeFlag { get; init; }

    internal PageType HugeType { get; init; }

    internal bool TellsOrder => OrderIsInFlags || OrderByte >= 0;

    /// <summary>Collects it; a key that is missing for huge pages matters only when they are wanted.</summary>
    internal static CompoundLayout Read(PageKeys keys, int size, bool wantsHuge)
    {
        PageType type = keys.ExportedType("hugetlb");
        ulong flag = keys.ExportedFlag("PG_hugetlb");
        if (!type.IsNone || flag != 0)
        {
            // Kernels that export either have the order in the flags; the type is the newer of the two.
            return new CompoundLayout { OrderIsInFlags = true, HugeType = type, HugeFlag = type.IsNone ? flag : 0 };
        }

        var layout = new CompoundLayout
        {
            OrderByte = ExportedByte(keys, "folio._folio_order", "page.compound_order", size),
            DestructorByte = ExportedByte(keys, "folio._folio_dtor", "page.compound_dtor", size),
            HugeDestructor = keys.Info.TryGetNumber("HUGETLB_PAGE_DTOR", out long huge) && huge is >= 0 and < 256
                ? (int)huge : Missing,
        };
        bool isEnough = layout.OrderByte >= 0 && (!wantsHuge || layout.TellsHuge(hasType: false));
        return isEnough ? layout : ReadTypes(keys, layout, size);
    }

    /// <summary>Whether a huge page can be told.</summary>
    /// <param name="hasType">Whether the field with a page's type is known.</param>
    internal bool TellsHuge(bool hasType) => HugeFlag != 0 || (!HugeType.IsNone && hasType)
        || (DestructorByte >= 0 && HugeDestructor >= 0);

    /// <summary>The order of a compound page; 0 when it makes no sense.</summary>
    /// <param name="next">The second page's structure.</param>
    /// <param name="flags">The second page's flags.</param>
    /// <param name="pfn">The first page's number: a multiple of the compound page's size.</param>
    internal int ReadOrder(ReadOnlySpan<byte> next, ulong flags, ulong pfn)
    {
        int order = OrderIsInFlags ? (int)(flags & 0xff) : OrderByte >= 0 ? next[OrderByte] : 0;
        return order > MaxOrder || (pfn & ((1UL << order) - 1)) != 0 ? 0 : order;
    }

    /// <summary>Whether a compound page is a huge page.</summary>
    internal bool IsHuge(ReadOnlySpan<byte> next, ulong flags, uint type) => HugeType.Matches(type)
        || (flags & HugeFlag) != 0
        || (HugeDestructor >= 0 && DestructorByte >= 0 && next[DestructorByte] == HugeDestructor);

    private static int ExportedByte(PageKeys keys, string folioField, string pageField, int size)
    {
        // In struct folio the field lies in the second page: its offset counts from the first.
        if (keys.Info.TryGetOffset(folioField, out int offset))
        {
            offset -= size;
        }
        else if (!keys.Info.TryGetOffset(pageField, out offset))
        {
            return Missing;
        }

        return offset >= 0 && offset < size ? offset : Missing;
    }

    /// <summary>What VMCOREINFO lacks, from the kernel's types; as it is when they do not tell either.</summary>
    private static CompoundLayout ReadTypes(PageKeys keys, CompoundLayout layout, int size)
    {
        if (keys.Layouts is not { } types)
        {
            return layout;
        }

        if (layout.OrderByte < 0)
        {
            int order = TypeByte(types, "_folio_order", "compound_order", size);
            layout = layout with
            {
                OrderByte = order,
                OrderIsInFlags = order < 0 && types.TryGetOffset("folio", "_flags_1", out _),
            };
        }

        bool isNumber = types.TryGetEnumerator("PG_hugetlb", out long bit) && bit is >= 0 and < 64;
        return layout with
        {
            DestructorByte = layout.DestructorByte >= 0 ? layout.DestructorByte
                : TypeByte(types, "_folio_dtor", "compound_dtor", size),
            HugeDestructor = types.TryGetEnumerator("HUGETLB_PAGE_DTOR", out long huge) && huge is >= 0 and < 256
                ? (int)huge : layout.HugeDestructor,
            HugeType = keys.Type("hugetlb"),
            HugeFlag = isNumber ? 1UL << (int)bit : 0,
        };
    }

    private static int TypeByte(IKernelLayouts types, string folioField, string pageField, int size)
    {
        int offset = types.TryGetOffset("folio", folioField, out int bytes) ? bytes - size
            : types.TryGetOffset("page", pageField, out bytes) ? bytes : Missing;
        return offset >= 0 && offset < size ? offset : Missing;
    }
}
