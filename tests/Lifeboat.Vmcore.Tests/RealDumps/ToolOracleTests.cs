using System.Diagnostics;
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
        Assert.SkipUnless(File.Exists("/usr/bin/drgn"), "drgn is not installed");
        const string Script = """
            import sys
            from drgn import Program
            ours = Program(); ours.set_core_dump(sys.argv[1])
            original = Program(); original.set_core_dump(sys.argv[2])
            pages = 0
            for pfn in range(int(sys.argv[3])):
                try:
                    page = ours.read(pfn * 4096, 4096, True)
                except Exception:
                    continue
                assert page == original.read(pfn * 4096, 4096, True), hex(pfn)
                pages += 1
            print(pages)
            """;
        foreach ((string elf, string path, DumpWriteResult result, ulong pages) in WriteAll(compressionLevel: 1))
        {
            string output = Run("/usr/bin/python3", "-c", Script, path, elf, $"{pages}");
            Assert.Equal($"{result.Pages.Kept + result.Pages.Zero}", output.Trim());
        }
    }

    [Fact]
    public void Makedumpfile_takes_the_log_out_of_a_dump_with_raw_pages()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/makedumpfile"), "makedumpfile is not installed");
        foreach ((string elf, string path, _, _) in WriteAll(compressionLevel: 0))
        {
            string ours = _folder.File("ours.txt");
            string original = _folder.File("original.txt");
            _ = Run("/usr/bin/makedumpfile", "-f", "--dump-dmesg", path, ours);
            _ = Run("/usr/bin/makedumpfile", "-f", "--dump-dmesg", elf, original);
            Assert.Contains("sysrq triggered crash", File.ReadAllText(ours), StringComparison.Ordinal);
            Assert.Equal(File.ReadAllText(original), File.ReadAllText(ours));
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors.Result}");
        return output;
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
