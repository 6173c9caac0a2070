using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>All 32 levels, on a dump of every kernel: our pages against makedumpfile's.</summary>
public sealed class LevelOracleTests : IDisposable
{
    // For a second makedumpfile, which says the same in its own way: each bit, and all.
    private static readonly int[] FewLevels = [0, 1, 2, 4, 8, 16, 31];

    private static readonly int[] AllLevels = [.. Enumerable.Range(0, 32)];

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
                    CompareLevels(dump, makedumpfile, makedumpfile == Tools.Makedumpfile ? AllLevels : FewLevels);
                    compared++;
                }
            }
        }

        Assert.SkipWhen(compared == 0, "no makedumpfile here knows these kernels");
    }

    [Fact]
    public void Every_kernel_that_could_be_had_gave_a_dump()
    {
        string? kernels = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_KERNELS");
        Assert.SkipUnless(TestDumps.Folder is not null && Directory.Exists(kernels), "LIFEBOAT_TEST_KERNELS and _DUMPS name no folders");
        foreach (string package in Directory.GetDirectories(kernels!, "linux-image-*"))
        {
            // A drill of this kernel failed, and its tests would be passed over in silence.
            string release = Path.GetFileName(package)["linux-image-".Length..];
            Assert.True(File.Exists(Path.Combine(TestDumps.Folder!, release + ".elf")), $"no dump of {release}");
        }
    }

    private void CompareLevels(string dump, string makedumpfile, int[] levels)
    {
        bool[] zeros;
        using (var source = DumpSource.Open(dump))
        {
            zeros = FindZeros(source);
        }

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
                    bool isKnown = !knowsTails && KnownDifferences.IsTailTakenForAPage(source, pfn, ours, found[i]);
                    Assert.True(
                        isKnown, $"{Path.GetFileName(dump)}, level {(int)level}: {new Pfn(pfn)} is {ours}, makedumpfile says {found[i]}");
                }
            }
        }
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
