using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Pages;

public sealed class FreeListsTests
{
    [Theory]
    [InlineData(MapModel.Vmemmap, false)]
    [InlineData(MapModel.Classic, true)]
    [InlineData(MapModel.ExtremeIndirect, false)]
    [InlineData(MapModel.Flat, true)]
    public void Without_a_key_for_free_pages_the_lists_are_followed(object model, bool isOnlyNode)
    {
        var pages = new FakePages(KernelEra.All[0], (MapModel)model);
        Fill(new FakeFreeLists(pages, isOnlyNode));
        PageClass[] classes = Classify(pages, out ulong damaged, out List<Diagnostic> notices);
        Assert.Empty(notices);
        Assert.Equal(0UL, damaged);
        Assert.Equal(Free((0x100, 16), (0x200, 16), (0x333, 1), (0x1400, 1024), (0x1200, 2)), Found(classes));
    }

    [Fact]
    public void Lists_are_followed_only_when_free_pages_are_wanted()
    {
        var pages = new FakePages(KernelEra.All[0], MapModel.Vmemmap);
        Fill(new FakeFreeLists(pages));
        using var classifier = PageClassifier.Create(
            pages.Kernel.Memory, pages.Kernel.Vmcoreinfo, DumpLevel.All & ~DumpLevel.Free, []);
        var classes = new PageClass[FakePages.Count];
        classifier.Classify(0, classes);
        Assert.Empty(Found(classes));
    }

    [Fact]
    public void A_list_that_bites_its_tail_ends_and_is_told()
    {
        var pages = new FakePages(KernelEra.All[0], MapModel.Vmemmap);
        var lists = new FakeFreeLists(pages);
        Fill(lists);

        // 0x100 -> 0x200 -> 0x100 ...: the second time round it does not point back.
        pages.Kernel.Memory.WriteLong(lists.LinkOf(0x200), pages.Address(0x100) + 8);
        PageClass[] classes = Classify(pages, out ulong damaged, out _);
        Assert.Equal(1UL, damaged);
        Assert.Equal(PageClass.Free, classes[0x200]);
        Assert.Equal(PageClass.Free, classes[0x1200]);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(FakeKernel.MemoryMapVirtual + 7)] // within a structure
    [InlineData(FakeKernel.ImageVirtual)] // no structure at all
    public void A_list_that_leaves_the_memory_map_ends_and_is_told(ulong next)
    {
        var pages = new FakePages(KernelEra.All[0], MapModel.Vmemmap);
        var lists = new FakeFreeLists(pages);
        Fill(lists);
        pages.Kernel.Memory.WriteLong(lists.LinkOf(0x100), next);
        PageClass[] classes = Classify(pages, out ulong damaged, out _);
        Assert.Equal(1UL, damaged);
        Assert.Equal((PageClass.Free, PageClass.Kernel), (classes[0x100], classes[0x200]));
    }

    [Fact]
    public void A_block_that_is_not_aligned_to_its_size_is_kept()
    {
        var pages = new FakePages(KernelEra.All[0], MapModel.Vmemmap);
        new FakeFreeLists(pages).Add(0, 4, 0, 0x101);
        Assert.Empty(Found(Classify(pages, out ulong damaged, out _)));
        Assert.Equal(1UL, damaged);
    }

    [Fact]
    public void Missing_or_absurd_keys_keep_free_pages_and_tell()
    {
        foreach (string key in (string[])[
            "SYMBOL(node_data)", "SIZE(zone)", "OFFSET(zone.free_area)", "OFFSET(list_head.prev)", "LENGTH(zone.free_area)"])
        {
            foreach (string? value in (string?[])[null, "0", "2147483647"])
            {
                var pages = new FakePages(KernelEra.All[0], MapModel.Vmemmap);
                Fill(new FakeFreeLists(pages));
                _ = value is null ? pages.Kernel.Info.Remove(key) : (pages.Kernel.Info[key] = value).Length > 0;
                PageClass[] classes = Classify(pages, out ulong damaged, out List<Diagnostic> notices);
                Assert.True(notices.Count > 0 || damaged > 0 || Found(classes).Count > 0, $"{key}={value} went by");
            }
        }
    }

    [Fact]
    public void A_thousand_damaged_free_lists_neither_hang_nor_reach_out()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var pages = new FakePages(KernelEra.All[0], MapModel.Vmemmap, initialised: 64);
            var lists = new FakeFreeLists(pages);
            for (ulong pfn = 0; pfn < 64; pfn += 2)
            {
                lists.Add(pfn % 2, random.Next(2), (int)(pfn / 2 % 2), pfn);
            }

            for (int i = 0; i < 8; i++)
            {
                // A link becomes another's, or one of its bytes anything.
                ulong link = lists.LinkOf((ulong)random.Next(32) * 2) + (ulong)(random.Next(2) * 8);
                if (random.Next(2) == 0)
                {
                    pages.Kernel.Memory.WriteLong(link, pages.Address((ulong)random.Next(64)) + 8);
                }
                else
                {
                    pages.Kernel.Memory.Write(link + (ulong)random.Next(8), [(byte)random.Next(256)]);
                }
            }

            using var classifier = PageClassifier.Create(pages.Kernel.Memory, pages.Kernel.Vmcoreinfo, DumpLevel.Free, []);
            var classes = new PageClass[128];
            classifier.Classify(0, classes);
            Assert.All(classes[64..], static found => Assert.Equal(PageClass.Kernel, found));
        }
    }

    internal static void Fill(FakeFreeLists lists)
    {
        lists.Add(0, 4, 0, 0x100);
        lists.Add(0, 4, 0, 0x200);
        lists.Add(0, 0, 1, 0x333);
        lists.Add(1, 10, 1, 0x1400);
        lists.Add(1, 1, 0, 0x1200);
    }

    private static List<int> Found(PageClass[] classes) =>
        [.. Enumerable.Range(0, classes.Length).Where(pfn => classes[pfn] == PageClass.Free)];

    private static List<int> Free(params (int Start, int Count)[] blocks) =>
        [.. blocks.SelectMany(static block => Enumerable.Range(block.Start, block.Count)).Order()];

    private static PageClass[] Classify(FakePages pages, out ulong damaged, out List<Diagnostic> notices)
    {
        notices = [];
        using var classifier = PageClassifier.Create(
            pages.Kernel.Memory, pages.Kernel.Vmcoreinfo, DumpLevel.All, notices);
        var classes = new PageClass[FakePages.Count];
        classifier.Classify(0, classes);
        damaged = classifier.DamagedLists;
        return classes;
    }
}
