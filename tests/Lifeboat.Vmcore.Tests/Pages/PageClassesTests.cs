using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Pages;

/// <summary>Every class of pages in every kernel that marks them in a way of its own, in every kind of memory map.</summary>
public sealed class PageClassesTests
{
    public static TheoryData<string, string> Kernels()
    {
        var data = new TheoryData<string, string>();
        foreach (KernelEra era in KernelEra.All)
        {
            foreach (MapModel model in Enum.GetValues<MapModel>())
            {
                data.Add(era.Release, model.ToString());
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_class_is_told(string release, string model)
    {
        KernelEra era = Era(release);
        FakePages pages = new FakePages(era, Enum.Parse<MapModel>(model)).WithOneOfEach();
        var notices = new List<Diagnostic>();
        PageClass[] classes = Classify(pages, DumpLevel.All, notices, out ulong damaged);
        Assert.Empty(notices);
        Assert.Equal(0UL, damaged);
        AssertClasses(Expected(era), classes);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Levels_leave_out_what_they_say(string release, string model)
    {
        KernelEra era = Era(release);
        FakePages pages = new FakePages(era, Enum.Parse<MapModel>(model)).WithOneOfEach();
        PageClass[] all = Expected(era);
        for (int bits = 1; bits < 16; bits++)
        {
            var level = (DumpLevel)(bits << 1);
            PageClass[] expected = [.. all.Select(found => IsWanted(level, found) ? found : PageClass.Kernel)];
            AssertClasses(expected, Classify(pages, level, [], out _));
        }
    }

    [Fact]
    public void Keys_that_are_there_never_open_the_types()
    {
        foreach (KernelEra era in KernelEra.All)
        {
            FakePages pages = new FakePages(era, MapModel.Vmemmap).WithOneOfEach();
            PageClass[] classes = Classify(
                pages, DumpLevel.All, [], out _, static () => throw new InvalidOperationException("opened"));
            AssertClasses(Expected(era), classes);
        }
    }

    [Fact]
    public void Keys_that_are_missing_come_from_the_types_opened_once()
    {
        foreach (KernelEra era in KernelEra.All)
        {
            FakePages pages = new FakePages(era, MapModel.Vmemmap).WithOneOfEach();
            FakeLayouts types = TypesOf(era);
            foreach (string key in pages.Kernel.Info.Keys.Where(key => IsInTypes(key)
                && (era.HasNamedTypes || !key.Contains("PAGE_BUDDY", StringComparison.Ordinal))).ToList())
            {
                pages.Kernel.Info.Remove(key);
            }

            int opened = 0;
            var notices = new List<Diagnostic>();
            PageClass[] classes = Classify(pages, DumpLevel.All, notices, out _, () => (++opened, types).types);
            Assert.Empty(notices);
            Assert.Equal(1, opened);

            // What not every kernel has is not looked for in types.
            PageClass[] expected = [.. Expected(era).Select((found, pfn) => pfn >= 0x800 && pfn < 0xc00
                || found is PageClass.Offline or PageClass.HardwarePoison ? PageClass.Kernel : found)];
            AssertClasses(expected, classes);
        }
    }

    [Fact]
    public void Types_that_know_nothing_or_nonsense_leave_the_class_kept_and_told()
    {
        FakePages pages = new FakePages(KernelEra.All[^1], MapModel.Vmemmap).WithOneOfEach();
        foreach (string key in pages.Kernel.Info.Keys.Where(IsInTypes).ToList())
        {
            pages.Kernel.Info.Remove(key);
        }

        var nonsense = new FakeLayouts();
        nonsense.Sizes["page"] = 64;
        foreach (string member in (string[])["flags", "mapping", "_mapcount", "private", "compound_info"])
        {
            nonsense.Offsets["page." + member] = int.MaxValue;
        }

        foreach (FakeLayouts types in (FakeLayouts[])[new FakeLayouts(), nonsense])
        {
            var notices = new List<Diagnostic>();
            PageClass[] classes = Classify(pages, DumpLevel.All, notices, out _, () => types);
            Assert.All(classes, static found => Assert.Equal(PageClass.Kernel, found));
            Assert.Contains(notices, static notice => notice.Id == VmcoreDiagnosticIds.ClassKept);
        }
    }

    [Fact]
    public void A_kernel_built_without_huge_pages_lacks_nothing()
    {
        FakePages pages = new FakePages(KernelEra.All[1], MapModel.Vmemmap).WithOneOfEach();
        pages.Kernel.Info.Remove("NUMBER(HUGETLB_PAGE_DTOR)");
        var notices = new List<Diagnostic>();
        PageClass[] classes = Classify(pages, DumpLevel.User, notices, out _, static () => new FakeLayouts());
        Assert.Empty(notices);
        Assert.Equal(PageClass.Kernel, classes[0x400]);

        Classify(pages, DumpLevel.User, notices, out _);
        Assert.Equal(VmcoreDiagnosticIds.ClassKept, Assert.Single(notices).Id);
    }

    [Fact]
    public void A_type_is_its_byte_where_the_rest_serves_something_else()
    {
        KernelEra era = Era("6.15.0");
        var pages = new FakePages(era, MapModel.Vmemmap);
        pages.Mark(0x15, 0, FakePages.Anonymous, era.SlabType!.Value + 0x1234);
        pages.Mark(0x20, type: era.Buddy + 7, privateData: 1);
        PageClass[] classes = Classify(pages, DumpLevel.All, [], out _);
        Assert.Equal(PageClass.Kernel, classes[0x15]);
        Assert.Equal((PageClass.Free, PageClass.Free, PageClass.Kernel), (classes[0x20], classes[0x21], classes[0x22]));
    }

    [Fact]
    public void A_head_before_a_page_that_is_no_tail_is_alone()
    {
        foreach (KernelEra era in KernelEra.All)
        {
            var pages = new FakePages(era, MapModel.Vmemmap);
            pages.Compound(0x200, 9, FakePages.Bit(era.Lru), FakePages.Anonymous);
            pages.Kernel.Memory.WriteLong(pages.Physical(0x201) + 8, 0);
            PageClass[] classes = Classify(pages, DumpLevel.All, [], out _);
            Assert.Equal((PageClass.User, PageClass.Kernel), (classes[0x200], classes[0x201]));
        }
    }

    internal static KernelEra Era(string release) => KernelEra.All.Single(era => era.Release == release);

    private static void AssertClasses(PageClass[] expected, PageClass[] found)
    {
        for (int pfn = 0; pfn < expected.Length; pfn++)
        {
            Assert.True(expected[pfn] == found[pfn], $"page 0x{pfn:x} is {found[pfn]}, not {expected[pfn]}");
        }
    }

    private static PageClass[] Expected(KernelEra era)
    {
        var classes = new PageClass[FakePages.Count];
        (classes[0x10], classes[0x11], classes[0x12]) = (PageClass.Cache, PageClass.PrivateCache, PageClass.User);
        (classes[0x14], classes[0x16]) = (PageClass.Cache, PageClass.HardwarePoison);
        classes[0x17] = era.Offline is null ? PageClass.Kernel : PageClass.Offline;
        classes.AsSpan(0x20, 32).Fill(PageClass.Free);
        classes.AsSpan(0x40, 8).Fill(PageClass.Cache);
        classes.AsSpan(0x200, 1024).Fill(PageClass.User);
        classes.AsSpan(0x600, 512).Fill(PageClass.HardwarePoison);
        if (era.Unaccepted is not null)
        {
            classes.AsSpan(0x800, 1024).Fill(PageClass.Free);
        }

        classes.AsSpan(0x1000, 1024).Fill(PageClass.Free);
        return classes;
    }

    private static bool IsWanted(DumpLevel level, PageClass found) => found switch
    {
        PageClass.Cache => (level & (DumpLevel.Cache | DumpLevel.PrivateCache)) != DumpLevel.None,
        PageClass.PrivateCache => level.HasFlag(DumpLevel.PrivateCache),
        PageClass.User => level.HasFlag(DumpLevel.User),
        PageClass.Free => level.HasFlag(DumpLevel.Free),
        _ => true,
    };

    // Addresses, lengths and what a kernel's types do not name are in VMCOREINFO or nowhere.
    private static bool IsInTypes(string key) => key.Contains("page", StringComparison.OrdinalIgnoreCase)
        || key.Contains("PG_", StringComparison.Ordinal) || key.Contains("mem_section.", StringComparison.Ordinal)
        || key.Contains("folio", StringComparison.Ordinal) || key == "SIZE(mem_section)"
        ? !key.StartsWith("PAGESIZE", StringComparison.Ordinal) && !key.StartsWith("NUMBER(pgtable", StringComparison.Ordinal)
        : key == "SIZE(page)";

    private static FakeLayouts TypesOf(KernelEra era)
    {
        var types = new FakeLayouts();
        (types.Sizes["page"], types.Sizes["mem_section"]) = (64, 16);
        foreach ((string member, int offset) in ((string, int)[])
            [("flags", 0), ("mapping", 24), ("_mapcount", 48), ("private", 40), ("lru", 8), (era.TailField, 8)])
        {
            types.Offsets["page." + member] = offset;
        }

        types.Offsets["mem_section.section_mem_map"] = 0;
        foreach ((string name, int? bit) in ((string, int?)[])
            [("PG_lru", era.Lru), ("PG_private", era.Private), ("PG_swapcache", era.SwapCache),
             ("PG_swapbacked", era.SwapBacked), ("PG_slab", era.Slab), ("PG_head", era.Head), ("PG_hugetlb", era.HugeFlag)])
        {
            if (bit is { } number)
            {
                types.Enumerators[name] = number;
            }
        }

        foreach ((string name, int? value) in ((string, int?)[])
            [("hugetlb", era.Huge), ("slab", era.SlabType), ("buddy", era.HasNamedTypes ? era.Buddy : null)])
        {
            if (value is { } type)
            {
                bool isNumber = (type & 0xff_ffff) == 0;
                types.Enumerators[isNumber ? $"PGTY_{name}" : $"PG_{name}"] = isNumber ? (type >> 24) & 0xff : ~type;
            }
        }

        switch (era.Order)
        {
            case OrderPlace.Page:
                (types.Offsets["page.compound_dtor"], types.Offsets["page.compound_order"]) = (16, 17);
                types.Enumerators["HUGETLB_PAGE_DTOR"] = 2;
                break;
            case OrderPlace.Folio:
                (types.Offsets["folio._folio_dtor"], types.Offsets["folio._folio_order"]) = (80, 81);
                types.Enumerators["HUGETLB_PAGE_DTOR"] = 2;
                break;
            default:
                types.Offsets["folio._flags_1"] = 64;
                break;
        }

        return types;
    }

    private static PageClass[] Classify(
        FakePages pages, DumpLevel level, List<Diagnostic> notices, out ulong damaged, Func<IKernelLayouts?>? types = null)
    {
        using var classifier = PageClassifier.Create(
            pages.Kernel.Memory, pages.Kernel.Vmcoreinfo, level, notices, types);
        var classes = new PageClass[FakePages.Count];
        classifier.Classify(0, classes);
        damaged = classifier.DamagedPages;
        return classes;
    }
}
