using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>Other tools read what is written here.</summary>
public sealed class ToolOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Drgn_reads_every_page_as_it_was()
    {
        Tools.Require(Tools.Drgn);
        foreach ((string elf, string path, DumpWriteResult result, ulong pages) in WriteAll(compressionLevel: 1))
        {
            Assert.Equal(result.Pages.Kept + result.Pages.Zero, Tools.CompareWithDrgn(path, elf, pages));
        }
    }

    [Fact]
    public void Makedumpfile_takes_the_log_out_of_a_dump_with_raw_pages()
    {
        Tools.Require(Tools.Makedumpfile);
        foreach ((string elf, string path, _, _) in WriteAll(compressionLevel: 0))
        {
            string ours = _folder.File("ours.txt");
            string original = _folder.File("original.txt");
            _ = Tools.Run(Tools.Makedumpfile, "-f", "--dump-dmesg", path, ours);
            _ = Tools.Run(Tools.Makedumpfile, "-f", "--dump-dmesg", elf, original);
            Assert.Contains("sysrq triggered crash", File.ReadAllText(ours), StringComparison.Ordinal);
            Assert.Equal(File.ReadAllText(original), File.ReadAllText(ours));
        }
    }

    private IEnumerable<(string Elf, string Path, DumpWriteResult Result, ulong Pages)> WriteAll(int compressionLevel)
    {
        IReadOnlyList<string> elfs = TestDumps.Find(".elf");
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string elf in elfs)
        {
            using var source = DumpSource.Open(elf);
            string path = _folder.File("out.kdump");
            var options = new DumpWriteOptions { CompressionLevel = compressionLevel };
            yield return (elf, path, KdumpFileWriter.Write(source, path, options), source.EndPfn.Value);
        }
    }
}
