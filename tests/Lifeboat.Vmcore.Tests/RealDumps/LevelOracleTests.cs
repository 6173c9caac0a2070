using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>All 32 levels, on a dump of every kernel: our pages against makedumpfile's.</summary>
public sealed class LevelOracleTests : IDisposable
{
    private const int Levels = 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_level_of_every_kernel_keeps_the_pages_that_makedumpfile_keeps()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        Tools.Require(Tools.Makedumpfile);
        int compared = 0;
        foreach (string dump in dumps)
        {
            string release = Path.GetFileNameWithoutExtension(dump);
            foreach (string makedumpfile in new[] { Tools.Makedumpfile, Tools.InstalledMakedumpfile }.Distinct())
            {
                if (File.Exists(makedumpfile) && Tools.MakedumpfileKnows(release, makedumpfile))
                {
                    CompareLevels(dump, makedumpfile);
                    compared++;
                }
            }
        }

        Assert.SkipWhen(compared == 0, "no makedumpfile here knows these kernels");
    }

    private void CompareLevels(string dump, string makedumpfile)
    {
        bool[] zeros;
        using (var source = DumpSource.Open(dump))
        {
            zeros = FindZeros(source);
        }

        int[] levels = [.. Enumerable.Range(0, Levels)];
        Parallel.ForEach(levels, new ParallelOptions { MaxDegreeOfParallelism = 2 }, level =>
        {
            string path = _folder.File($"{Path.GetFileName(dump)}.{level}");
            _ = Tools.Run(makedumpfile, "-f", "-d", level.ToString(CultureInfo.InvariantCulture), dump, path);
            using var theirs = DumpSource.Open(path);

            // makedumpfile is done with it, and the bitmaps are read when it is opened.
            CompareLevel(dump, theirs, (DumpLevel)level, zeros, Tools.MakedumpfileKnowsTails(makedumpfile));
            File.Delete(path);
        });
    }

    private static void CompareLevel(
        string dump, DumpSource theirs, DumpLevel level, bool[] zeros, bool knowsTails)
    {
        using var source = DumpSource.Open(dump);
        var notices = new List<Core.Diagnostics.Diagnostic>();
        using var classifier = PageClassifier.Create(source, source.Vmcoreinfo, level, notices);
        Assert.Empty(notices);
        const int Window = 1 << 15;
        var classes = new PageClass[Window];
        var states = new PageState[Window];
        var found = new PageState[Window];
        for (ulong start = 0; start < source.EndPfn.Value; start += Window)
        {
            int count = (int)Math.Min(Window, source.EndPfn.Value - start);
            source.GetPageStates(new Pfn(start), states.AsSpan(0, count));
            classifier.Classify(start, classes.AsSpan(0, count));
            theirs.GetPageStates(new Pfn(start), found.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                ulong pfn = start + (ulong)i;
                PageState ours = states[i] == PageState.NotRam ? PageState.NotRam
                    : classes[i] != PageClass.Kernel ? PageState.Excluded
                    : level.HasFlag(DumpLevel.Zero) && zeros[pfn] ? PageState.Zero : PageState.Present;
                if (ours != found[i])
                {
                    bool isKnown = !knowsTails && IsTailTakenForAPage(source, pfn, ours, found[i]);
                    Assert.True(
                        isKnown, $"{Path.GetFileName(dump)}, level {(int)level}: {new Pfn(pfn)} is {ours}, makedumpfile says {found[i]}");
                }
            }
        }
    }

    /// <summary>
    /// Kernel 7.1 renamed compound_head to compound_info. makedumpfile before 1.7.9 does not know, and takes every tail
    /// of a compound page that is kept for a page of its own, by fields that mean something else there.
    /// </summary>
    private static bool IsTailTakenForAPage(DumpSource source, ulong pfn, PageState ours, PageState theirs)
    {
        if (ours is not (PageState.Present or PageState.Zero) || theirs != PageState.Excluded
            || !source.Vmcoreinfo.TryGetOffset("page.compound_info", out int offset))
        {
            return false;
        }

        var keys = new PageKeys(source.Vmcoreinfo);
        PageLayout layout = PageLayout.Read(keys, DumpLevel.All, [])!;
        var space = AddressSpace.OpenKernel(source);
        byte[] page = new byte[layout.Size];
        return MemoryMap.Open(space, keys, layout.Size, [])!.TryFind(pfn, out VirtualAddress address, out _)
            && space.Read(address, page, out _) == page.Length && (page[offset] & 1) != 0;
    }

    private static bool[] FindZeros(DumpSource source)
    {
        bool[] zeros = new bool[source.EndPfn.Value];
        byte[] page = new byte[4096];
        for (ulong pfn = 0; pfn < source.EndPfn.Value; pfn++)
        {
            zeros[pfn] = source.GetPageState(new Pfn(pfn)) is PageState.Present or PageState.Zero
                && source.Read(new Pfn(pfn).Address, page, out _) == page.Length && !page.AsSpan().ContainsAnyExcept((byte)0);
        }

        return zeros;
    }
}
