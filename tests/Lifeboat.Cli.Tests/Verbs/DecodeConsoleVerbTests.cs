using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class DecodeConsoleVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines;

    public DecodeConsoleVerbTests() => _lines = ["[    0.000000] Linux version 6.1", .. Block("web1", 1), "reboot: Power down"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_block_is_listed_and_its_report_printed()
    {
        CommandRun run = CommandRun.Of("decode-console", Log(_lines));
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("decode-console.txt", Scrubbed(run.Output));
    }

    [Fact]
    public void As_json_it_has_the_same()
    {
        CommandRun run = CommandRun.Of("decode-console", "--json", Log(_lines));
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("decode-console.json", Scrubbed(run.Output));
    }

    [Fact]
    public void Files_are_written_into_a_folder_for_each_block_that_only_its_owner_reads()
    {
        string target = _folder.Combine("out", "crash");
        CommandRun run = CommandRun.Of("decode-console", Log([.. _lines, .. Block("../db 2", 2)]), "-o", target);
        Assert.Equal((0, ""), (run.Code, run.Error));
        string[] folders = [.. Directory.GetDirectories(target).Order(StringComparer.Ordinal)];
        Assert.Equal(2, folders.Length);
        Assert.StartsWith("20260131T142233Z-_db_2-", Path.GetFileName(folders[0]), StringComparison.Ordinal);
        Assert.StartsWith("20260131T142233Z-web1-", Path.GetFileName(folders[1]), StringComparison.Ordinal);
        Assert.Equal("Crash\tasked for\nby nobody\n\e\n", File.ReadAllText(Path.Combine(folders[1], "report.txt")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folders[1]));
        Assert.Contains($"  file      {Path.Combine(folders[1], "report.txt")}: 28 B", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("by nobody", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_block_is_exit_code_4_and_gives_what_is_left()
    {
        // Its first two lines after the marker, which say what it is of.
        CommandRun run = CommandRun.Of("decode-console", Log([.. _lines[..2], .. _lines[4..^2]]));
        Assert.Equal(4, run.Code);
        Assert.Contains("DAMAGED", run.Output, StringComparison.Ordinal);
        Assert.Contains("  crash     host unknown, time unknown, kernel unknown", run.Output, StringComparison.Ordinal);
        Assert.Matches("  lost      part 0, of its [0-9]+ lines: 1 2\n", run.Output);
        Assert.Contains("by nobody", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_without_a_block_is_exit_code_1()
    {
        CommandRun run = CommandRun.Of("decode-console", Log(["[    0.000000] Linux version 6.1"]));
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("there is no block of a crash in", run.Error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(CommandRun.Of("decode-console", "--json", Log([])).Output);
        Assert.Equal(0, document.RootElement.GetProperty("blocks").GetArrayLength());
        CommandRun cut = CommandRun.Of("decode-console", Log([.. _lines.Select(line => line[..Math.Min(40, line.Length)] + " ")]));
        Assert.Equal(1, cut.Code);
        Assert.Contains("lines begin as a block's and cannot be read", cut.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_is_not_there_is_told()
    {
        CommandRun run = CommandRun.Of("decode-console", _folder.Combine("none"));
        Assert.Equal(1, run.Code);
        Assert.Contains(_folder.Combine("none"), run.Error, StringComparison.Ordinal);
    }

    private static List<string> Block(string host, long seed)
    {
        var lines = new List<string>();
        using var writer = new ConsoleBlockWriter(
            lines.Add,
            new ConsoleBlockHeader
            {
                Host = host,
                KernelRelease = "6.1.0-test",
                CrashTime = DateTimeOffset.FromUnixTimeSeconds(1769869353),
                CaptureTime = DateTimeOffset.FromUnixTimeSeconds(1769869360),
                Reason = "LB5040: The target UUID=1 did not appear within 30 s",
                ToolVersion = "0.1.0",
            },
            seed,
            budget: 4000);
        writer.Add("dmesg.txt", Noise(100), ConsoleBlockKeep.Tail);
        writer.Add("report.txt", "Crash\tasked for\nby nobody\n\e\n"u8, ConsoleBlockKeep.Head);
        writer.Add("report.json", Noise(10_000), ConsoleBlockKeep.Whole);
        writer.Finish();
        return lines;
    }

    private static byte[] Noise(int lines)
    {
        var random = new Random(5);
        return System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(
            number => string.Create(CultureInfo.InvariantCulture, $"line {number} {random.Next() % 4}\n"))));
    }

    // How many lines a block has is zstd's to say.
    private string Scrubbed(string output) => Regex.Replace(
        output.Replace(_folder.Combine("log"), "console.log", StringComparison.Ordinal),
        "(?<=lines 3 to |\"lastLine\": |\"linesFound\": )[0-9]+",
        "N",
        RegexOptions.None,
        TimeSpan.FromSeconds(10));

    private string Log(List<string> lines) =>
        _folder.Write("log", System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))));
}
