using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Pages;

public sealed class PageClassifierTests
{
    private const ulong Lru = 1 << 4;
    private const ulong Private = 1 << 13;
    private const ulong SwapCache = 1 << 10;
    private const ulong SwapBacked = 1 << 19;
    private const ulong Slab = 1 << 9;
    private const ulong Poison = 1 << 23;
    private const ulong Head = 1 << 16;
    private const int Buddy = -129;
    private const int Offline = -257;
    private const ulong Anonymous = 0xffff_8880_0000_1001;
    private const ulong File = 0xffff_8880_0000_1000;

    [Fact]
    public void A_free_block_covers_its_pages_and_no_more()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(0x100, type: Buddy, privateData: 4);
        PageClass[] classes = Classify(kernel, DumpLevel.Free);
        Assert.Equal(PageClass.Kernel, classes[0xff]);
        Assert.All(classes[0x100..0x110], static c => Assert.Equal(PageClass.Free, c));
        Assert.Equal(PageClass.Kernel, classes[0x110]);
    }

    [Theory]
    [InlineData(DumpLevel.None, PageClass.Kernel, PageClass.Kernel, PageClass.Kernel)]
    [InlineData(DumpLevel.Cache, PageClass.Cache, PageClass.Kernel, PageClass.Kernel)]
    [InlineData(DumpLevel.PrivateCache, PageClass.Cache, PageClass.PrivateCache, PageClass.Kernel)]
    [InlineData(DumpLevel.User, PageClass.Kernel, PageClass.Kernel, PageClass.User)]
    [InlineData(DumpLevel.All, PageClass.Cache, PageClass.PrivateCache, PageClass.User)]
    public void Each_level_leaves_out_its_classes(DumpLevel level, object cache, object privateCache, object user)
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(1, Lru, File);
        kernel.SetPage(2, Lru | Private, File);
        kernel.SetPage(3, Lru | SwapBacked, Anonymous);
        PageClass[] expected = [PageClass.Kernel, (PageClass)cache, (PageClass)privateCache, (PageClass)user];
        Assert.Equal(expected, Classify(kernel, level)[..4]);
    }

    [Fact]
    public void Slab_pages_are_never_taken_for_anonymous_memory()
    {
        FakeKernel old = new FakeKernel().WithMemoryMap();
        old.SetPage(1, Slab, Anonymous, type: Buddy);
        FakeKernel recent = new FakeKernel().WithMemoryMap(isNewPageType: true);
        recent.SetPage(1, 0, Anonymous, type: -184549376);
        Assert.Equal(PageClass.Kernel, Classify(old, DumpLevel.All)[1]);
        Assert.Equal(PageClass.Kernel, Classify(recent, DumpLevel.All)[1]);
    }

    [Fact]
    public void The_swap_cache_counts_only_with_its_second_flag()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(1, SwapCache, File);
        kernel.SetPage(2, SwapCache | SwapBacked, File);
        Assert.Equal([PageClass.Kernel, PageClass.Cache], Classify(kernel, DumpLevel.All)[1..3]);
    }

    [Fact]
    public void Huge_and_compound_pages_go_as_a_whole()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        Compound(kernel, 0x200, 9, mapping: Anonymous); // a transparent huge page
        Compound(kernel, 0x400, 9, mapping: 0);
        kernel.SetPageByte(0x401, 16, 2); // hugetlbfs, by its destructor
        Compound(kernel, 0x600, 3, mapping: 0); // the kernel's
        PageClass[] classes = Classify(kernel, DumpLevel.All);
        Assert.All(classes[0x200..0x600], static c => Assert.Equal(PageClass.User, c));
        Assert.All(classes[0x600..0x608], static c => Assert.Equal(PageClass.Kernel, c));
    }

    [Fact]
    public void New_kernels_say_huge_by_page_type_and_order_by_flags()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap(isNewPageType: true);
        kernel.SetPage(0x200, Head, type: -201326592);
        kernel.SetPage(0x201, flags: 9, compoundHead: 1);
        kernel.SetPage(0x400, type: -268435456, privateData: 10);
        kernel.SetPage(0x800, type: -134217728); // not yet accepted: always a block of the largest order
        PageClass[] classes = Classify(kernel, DumpLevel.All);
        Assert.All(classes[0x200..0x400], static c => Assert.Equal(PageClass.User, c));
        Assert.All(classes[0x400..0x800], static c => Assert.Equal(PageClass.Free, c));
        Assert.All(classes[0x800..0xc00], static c => Assert.Equal(PageClass.Free, c));
    }

    [Fact]
    public void Broken_and_offline_pages_are_left_out_at_any_level_that_looks()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(1, Poison);
        kernel.SetPage(2, type: Offline);
        Assert.Equal([PageClass.HardwarePoison, PageClass.Offline], Classify(kernel, DumpLevel.Free)[1..3]);
    }

    [Fact]
    public void A_block_that_reaches_over_the_window_goes_on_in_the_next()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(0x400, type: Buddy, privateData: 10);
        using var classifier = PageClassifier.Create(kernel.Memory, kernel.Vmcoreinfo, DumpLevel.All, []);
        var first = new PageClass[0x500];
        var second = new PageClass[0x500];
        classifier.Classify(0, first);
        classifier.Classify(0x500, second);
        Assert.Equal(PageClass.Free, first[0x4ff]);
        Assert.All(second[..0x300], static c => Assert.Equal(PageClass.Free, c));
        Assert.Equal(PageClass.Kernel, second[0x300]);
    }

    [Fact]
    public void A_block_ends_with_its_span_whatever_the_kernel_says()
    {
        const ulong SpanPages = 1UL << PageClassifier.SpanOrder;
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.Info["LENGTH(zone.free_area)"] = "30";
        kernel.SetPage(0, type: Buddy, privateData: PageClassifier.SpanOrder + 1);
        using var classifier = PageClassifier.Create(kernel.Memory, kernel.Vmcoreinfo, DumpLevel.All, []);
        var classes = new PageClass[0x1000];
        classifier.Classify(0, classes);
        classifier.Classify(SpanPages - 0x1000, classes);
        Assert.All(classes, static c => Assert.Equal(PageClass.Free, c));
        classifier.Classify(SpanPages, classes);
        Assert.All(classes, static c => Assert.Equal(PageClass.Kernel, c));
    }

    [Theory]
    [InlineData(0x100, 11)] // larger than the largest order
    [InlineData(0x101, 4)] // not aligned to itself
    [InlineData(0x100, int.MaxValue)]
    public void A_free_block_that_cannot_be_is_kept(ulong pfn, int order)
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(pfn, type: Buddy, privateData: (ulong)order);
        var notices = new List<Diagnostic>();
        using var classifier = PageClassifier.Create(kernel.Memory, kernel.Vmcoreinfo, DumpLevel.All, notices);
        var classes = new PageClass[0x2000];
        classifier.Classify(0, classes);
        Assert.All(classes, static c => Assert.Equal(PageClass.Kernel, c));
        Assert.Equal(1UL, classifier.DamagedPages);
        Assert.Empty(notices);
    }

    [Theory]
    [InlineData("NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)", PageClass.Free)]
    [InlineData("OFFSET(page._mapcount)", PageClass.Free)]
    [InlineData("NUMBER(PG_lru)", PageClass.Cache)]
    [InlineData("NUMBER(PG_slab)", PageClass.User)]
    [InlineData("SIZE(page)", PageClass.Free)]
    [InlineData("SYMBOL(mem_section)", PageClass.Free)]
    [InlineData("NUMBER(phys_base)", PageClass.Free)]
    public void A_class_whose_key_is_missing_is_kept_and_told(string key, object missing)
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(1, type: Buddy);
        kernel.SetPage(2, Lru, File);
        kernel.SetPage(3, 0, Anonymous);
        kernel.Info.Remove(key);
        var notices = new List<Diagnostic>();
        PageClass[] classes = Classify(kernel, DumpLevel.All, notices);
        Assert.DoesNotContain((PageClass)missing, classes);
        Assert.NotEmpty(notices);
    }

    [Fact]
    public void Missing_parts_of_the_memory_map_are_kept_and_counted()
    {
        // The section has 32,768 pages, and the 2 MiB that are mapped are exactly their structures: cut them short.
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.Info["SIZE(page)"] = "128";
        using var classifier = PageClassifier.Create(kernel.Memory, kernel.Vmcoreinfo, DumpLevel.All, []);
        var classes = new PageClass[0x1000];
        classifier.Classify(0x4000, classes);
        Assert.Equal(0x1000UL, classifier.UnreadablePages);
        Assert.All(classes, static c => Assert.Equal(PageClass.Kernel, c));

        // A section that does not exist is no damage.
        classifier.Classify(0x8000, classes);
        Assert.Equal(0x1000UL, classifier.UnreadablePages);
    }

    [Theory]
    [InlineData(0x0000_7f12_3456_7001)] // of a process, as the low bit says, and yet not in the kernel's half
    [InlineData(0x2e2e_2e2e_2e2e_2e2f)]
    public void A_page_whose_owner_is_nowhere_in_the_kernel_is_damage_and_kept(ulong mapping)
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(2, Lru, mapping & ~1UL);
        kernel.SetPage(3, Lru | SwapBacked, mapping | 1);
        kernel.SetPage(4, Lru); // a page that its file has let go has no owner
        using var classifier = PageClassifier.Create(kernel.Memory, kernel.Vmcoreinfo, DumpLevel.All, []);
        var classes = new PageClass[8];
        classifier.Classify(0, classes);
        Assert.Equal([PageClass.Kernel, PageClass.Kernel, PageClass.Cache], classes[2..5]);
        Assert.Equal(2UL, classifier.DamagedPages);
    }

    [Fact]
    public void Three_thousand_damaged_memory_maps_neither_hang_nor_reach_out()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var kernel = new FakeKernel();
            kernel.WithMemoryMapFor(64, isNewPageType: seed % 2 == 0);
            for (int i = 0; i < 40; i++)
            {
                ulong place = FakeKernel.MemoryMapPhysical + (ulong)random.Next(64 * FakeKernel.PageStructSize);
                kernel.Memory.Write(place, [(byte)(random.Next(3) == 0 ? 0xff : random.Next(256))]);
            }

            if (seed % 5 == 0)
            {
                // The way to the map, too: page tables, roots, sections.
                kernel.Memory.Write(FakeKernel.ImagePhysical + (ulong)random.Next(3 << 19), [(byte)random.Next(256)]);
            }

            using var classifier = PageClassifier.Create(kernel.Memory, kernel.Vmcoreinfo, DumpLevel.All, []);
            var classes = new PageClass[64];
            classifier.Classify(0, classes);
            Assert.All(classes, static c => Assert.True(c <= PageClass.Offline));
        }
    }

    private static void Compound(FakeKernel kernel, ulong pfn, byte order, ulong mapping)
    {
        kernel.SetPage(pfn, Head, mapping);
        for (ulong i = 1; i < 1UL << order; i++)
        {
            kernel.SetPage(pfn + i, compoundHead: 1);
        }

        kernel.SetPageByte(pfn + 1, 17, order);
    }

    private static PageClass[] Classify(FakeKernel kernel, DumpLevel level, List<Diagnostic>? notices = null)
    {
        using var classifier = PageClassifier.Create(kernel.Memory, kernel.Vmcoreinfo, level, notices ?? []);
        var classes = new PageClass[FakeKernel.RamSize / 4096];
        classifier.Classify(0, classes);
        return classes;
    }
}
