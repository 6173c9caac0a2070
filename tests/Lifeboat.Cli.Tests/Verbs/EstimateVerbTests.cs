using System.Text.Json;
using System.Text.RegularExpressions;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed partial class EstimateVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;

    public EstimateVerbTests()
    {
        FakeKernel kernel = CrashedMachine.Create().WithMemoryMap();
        kernel.SetPage(0x400, type: -129, privateData: 10);
        var random = new Random(3);
        for (int i = 0; i < 0x300; i++)
        {
            byte[] page = new byte[4096];
            random.NextBytes(page.AsSpan((i % 2) * 2048));
            kernel.Memory.Write(0x80_0000 + ((ulong)i * 4096), page);
        }

        _dump = _folder.Write("vmcore", CoreFile.Of(kernel));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_estimate_reads_as_agreed() => Golden.Matches("estimate.txt", Succeeds("estimate", _dump));

    [Fact]
    public void The_document_has_the_agreed_shape() => Golden.Matches("estimate.json", Succeeds("estimate", "--json", _dump));

    [Fact]
    public void A_dry_run_of_filter_reads_as_agreed() => Golden.Matches(
        "filter-dry-run.txt",
        Succeeds("filter", "--dry-run", _dump, _folder.Combine("out"), "--level", "1", "--max-size", "1M", "--on-full", "raise", "--split", "2"));

    [Theory]
    [InlineData("zstd")]
    [InlineData("lzo")]
    [InlineData("none")]
    public void Every_level_has_the_size_that_filter_writes(string codec)
    {
        using var document = JsonDocument.Parse(Succeeds("estimate", "--json", "--all-levels", _dump, "--compress", codec));
        JsonElement[] levels = [.. document.RootElement.GetProperty("levels").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, 32), levels.Select(level => level.GetProperty("level").GetInt32()));
        foreach (JsonElement level in levels.Where(level => level.GetProperty("level").GetInt32() is 1 or 17 or 31))
        {
            int number = level.GetProperty("level").GetInt32();
            string output = _folder.Combine($"out{number}");
            Assert.Equal(0, CommandRun.Of("filter", _dump, output, "--level", $"{number}", "--compress", codec).Code);
            long size = new FileInfo(output).Length;
            Assert.Equal((double)size, level.GetProperty("bytes").GetUInt64(), tolerance: size * 0.05);
            Assert.True(level.GetProperty("diskBytes").GetUInt64() >= (ulong)size);
        }
    }

    [Fact]
    public void The_classes_are_all_of_RAM()
    {
        using var document = JsonDocument.Parse(Succeeds("estimate", "--json", _dump));
        JsonElement root = document.RootElement;
        Assert.Equal(
            root.GetProperty("ramBytes").GetUInt64() / 4096,
            root.GetProperty("unreadablePages").GetUInt64() + root.GetProperty("classes").EnumerateArray()
                .Aggregate(0UL, (sum, pages) => sum + pages.GetProperty("pages").GetUInt64()));
    }

    [Theory]
    [InlineData(Errno.EACCES, "run it as root")]
    [InlineData(Errno.EPERM, "locked down")]
    [InlineData(Errno.ENOENT, "CONFIG_PROC_KCORE")]
    public void Without_the_right_to_read_the_memory_it_is_told_what_to_do(Errno errno, string remedy)
    {
        KernelInterfaceException told = LiveMemory.Explain(new KernelInterfaceException("open", LiveMemory.Path, errno));
        Assert.Contains(remedy, told.Message, StringComparison.Ordinal);
        Assert.Equal((errno, LiveMemory.Path), (told.Errno, told.Path));
    }

    [Fact]
    public void A_file_that_is_no_dump_is_exit_code_4()
    {
        CommandRun run = CommandRun.Of("estimate", _folder.Write("text", "this is no dump"));
        Assert.Equal((4, ""), (run.Code, run.Output));
    }

    private string Succeeds(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal((0, ""), (run.Code, run.Error));
        string text = run.Output.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal);
        return Seconds().Replace(text, match => match.Value.StartsWith('"') ? $"{match.Value[..match.Value.IndexOf(':', StringComparison.Ordinal)]}: 0" : "in 0.0 s");
    }

    [GeneratedRegex("\"(seconds|countingSeconds)\": [0-9.E-]+|in [0-9.]+ s")]
    private static partial Regex Seconds();
}
