using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.Pages;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>Dumps of kernels that no package has any more, written by the tests: makedumpfile judges them, too.</summary>
public sealed class SyntheticOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kernel_and_memory_map_gives_the_pages_that_makedumpfile_keeps()
    {
        Tools.Require(Tools.Makedumpfile);
        Assert.SkipUnless(Tools.MakedumpfileKnows("7.0"), "an older makedumpfile does not know all these kernels: LIFEBOAT_TEST_MAKEDUMPFILE names a newer one");
        foreach (KernelEra era in KernelEra.All.Where(static era => Tools.MakedumpfileKnows(era.Release)))
        {
            foreach (MapModel model in (MapModel[])[MapModel.Vmemmap, MapModel.Extreme, MapModel.ExtremeIndirect, MapModel.Classic, MapModel.Flat])
            {
                Compare(new FakePages(era, model).WithOneOfEach(), $"{era.Release} {model}");
            }
        }
    }

    [Fact]
    public void Free_lists_give_the_pages_that_makedumpfile_keeps()
    {
        Tools.Require(Tools.Makedumpfile);
        foreach (MapModel model in (MapModel[])[MapModel.Vmemmap, MapModel.Classic])
        {
            var pages = new FakePages(KernelEra.All[0], model);
            FreeListsTests.Fill(new FakeFreeLists(pages));
            Compare(pages, $"free lists, {model}");
        }
    }

    private void Compare(FakePages pages, string what)
    {
        string elf = _folder.File("dump");
        File.WriteAllBytes(elf, ElfWriter.Write(pages.Kernel));
        using var source = DumpSource.Open(elf);
        foreach (int level in (int[])[2, 4, 8, 16, 31])
        {
            string theirPath = _folder.File("theirs");
            string ourPath = _folder.File("ours");
            _ = Tools.Run(Tools.Makedumpfile, "-f", "-d", level.ToString(CultureInfo.InvariantCulture), elf, theirPath);
            DumpWriteResult result = KdumpFileWriter.Write(source, ourPath, new DumpWriteOptions { Level = (DumpLevel)level });
            Assert.Empty(result.Notices);
            using var theirs = DumpSource.Open(theirPath);
            using var ours = DumpSource.Open(ourPath);
            for (ulong pfn = 0; pfn < FakePages.Count; pfn++)
            {
                (PageState their, PageState our) = (theirs.GetPageState(new Pfn(pfn)), ours.GetPageState(new Pfn(pfn)));
                Assert.True(their == our, $"{what}, level {level}: {new Pfn(pfn)} is {our}, makedumpfile says {their}");
            }
        }
    }
}
