using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Symbols.Tests.RealDumps;

/// <summary>Keys that VMCOREINFO lacks come from BTF, and the same pages are left out.</summary>
public sealed class FilterWithoutKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly string[][] Without =
    [
        ["OFFSET(page.mapping)"],
        ["OFFSET(page.", "SIZE(page)", "NUMBER(PG_lru", "NUMBER(PG_private", "NUMBER(PG_swap"],
        ["OFFSET(page.", "SIZE(page)", "NUMBER(PG_lru", "SYMBOL(kallsyms_"],
    ];

    [Fact]
    public void A_dump_without_keys_is_filtered_as_one_with_them()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in dumps)
        {
            using var whole = DumpSource.Open(path);
            PageState[] expected = Filter(whole, null, out PageCounts counts, out int notices);
            using (StrippedDump blind = Strip(whole, Without[0]))
            {
                _ = Filter(blind, null, out PageCounts more, out int moreNotices);
                Assert.True(more.Kept > counts.Kept && moreNotices > notices, $"{path} was filtered without its keys");
            }

            foreach (string[] without in Without)
            {
                using StrippedDump stripped = Strip(whole, without);
                PageState[] found = Filter(stripped, BtfLayouts.Open, out PageCounts same, out int sameNotices);
                Assert.Equal(counts, same);
                Assert.Equal(notices, sameNotices);
                Assert.True(expected.AsSpan().SequenceEqual(found), path);
            }
        }
    }

    private static StrippedDump Strip(DumpSource whole, string[] without) =>
        new(whole, key => !without.Any(start => key.StartsWith(start, StringComparison.Ordinal)));

    private PageState[] Filter(
        DumpSource source, Func<DumpSource, Vmcore.Pages.IKernelLayouts?>? layouts, out PageCounts counts, out int notices)
    {
        string path = _folder.Combine("out");
        var options = new DumpWriteOptions { Layouts = layouts, CompressionLevel = 0 };
        DumpWriteResult result = KdumpFileWriter.Write(source, path, options);
        (counts, notices) = (result.Pages, result.Notices.Count);
        using var dump = DumpSource.Open(path);
        var states = new PageState[source.EndPfn.Value];
        dump.GetPageStates(new Pfn(0), states);
        return states;
    }
}
