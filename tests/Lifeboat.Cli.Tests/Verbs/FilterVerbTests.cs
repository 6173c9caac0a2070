using System.Diagnostics;
using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.Core.Memory;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class FilterVerbTests : IDisposable
{
    private const ulong Pages = FakeKernel.RamSize / Pfn.PageSize;

    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;

    public FilterVerbTests() => _dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_cannot_be_found_to_erase_it_is_a_note_and_the_dump_is_written()
    {
        CommandRun run = CommandRun.Of("filter", _dump, _folder.Combine("out"), "--erase", "keys", "--erase", "symbol jiffies");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("erased    0 B in 0 places", run.Output, StringComparison.Ordinal);
        Assert.Contains("note: LB3004", run.Output, StringComparison.Ordinal);
        Assert.Contains("erase symbol jiffies", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_a_file_of_directives_that_is_none_is_told_with_its_number()
    {
        string file = _folder.Write("list", "# all\nerase keys\n\nsymbol jiffies # now\nerase everything\n"u8.ToArray());
        CommandRun run = CommandRun.Of("filter", _dump, _folder.Combine("out"), "--erase-file", file);
        Assert.NotEqual(0, run.Code);
        Assert.Contains($"{file}:5", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Combine("out")));
    }

    [Theory]
    [InlineData("kdump-compressed v6")]
    [InlineData("kdump-compressed v6", "--compress", "zlib", "--threads", "2")]
    [InlineData("kdump-compressed v6", "--compress", "none", "--level", "0")]
    [InlineData("kdump-compressed v6", "--compress", "lzo", "--level", "1")]
    [InlineData("kdump-compressed v6", "--compress", "snappy", "--level", "1")]
    [InlineData("kdump-compressed v6", "--format", "flattened")]
    [InlineData("ELF", "--format", "elf", "--level", "1")]
    public void What_is_written_is_the_same_machine_in_the_format_asked_for(string format, params string[] options)
    {
        string output = _folder.Combine("out");
        CommandRun run = CommandRun.Of(["filter", _dump, output, .. options]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith($"{output}: ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"  pages     {Pages} of RAM", run.Output, StringComparison.Ordinal);
        using (var dump = DumpSource.Open(output))
        {
            Assert.StartsWith(format, dump.FormatName, StringComparison.Ordinal);
            Assert.False(dump.IsIncomplete);
        }

        Assert.Equal(CommandRun.Of("inspect", _dump, "log"), CommandRun.Of("inspect", output, "log"));
        Assert.Equal(0, CommandRun.Of("verify", output).Code);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(output));
    }

    [Fact]
    public void The_summary_counts_every_page_once()
    {
        CommandRun run = CommandRun.Of("filter", "--json", "--level", "1", _dump, _folder.Combine("out"));
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        JsonElement root = document.RootElement;
        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        Assert.Equal("zstd", root.GetProperty("compression").GetString());
        Assert.False(root.GetProperty("incomplete").GetBoolean());
        Assert.Equal(
            (ulong)new FileInfo(_folder.Combine("out")).Length, root.GetProperty("fileBytes").GetUInt64());
        JsonElement pages = root.GetProperty("pages");
        Assert.Equal(Pages, pages.GetProperty("total").GetUInt64());
        Assert.Equal(
            Pages, pages.EnumerateObject().Where(page => page.Name != "total").Aggregate(0UL, (sum, page) => sum + page.Value.GetUInt64()));
    }

    [Fact]
    public void Standard_output_takes_a_flattened_dump_and_nothing_else()
    {
        string piped = _folder.Combine("piped");
        Shell($"{Program} filter '{_dump}' - --format flattened 2> '{piped}.messages' | cat > '{piped}'");
        Assert.Contains($"  pages     {Pages} of RAM", File.ReadAllText(piped + ".messages"), StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("filter", _dump, _folder.Combine("file"), "--format", "flattened").Code);
        Assert.Equal(File.ReadAllBytes(_folder.Combine("file")), File.ReadAllBytes(piped));
    }

    [Fact]
    public void A_pipe_that_nobody_reads_any_more_is_an_error()
    {
        string notes = _folder.Combine("notes");
        Shell(
            $"{{ {Program} filter '{_dump}' - --format flattened --level 0 --compress none 2> '{notes}'; "
            + $"echo $? > '{notes}.code'; }} | head -c 1 > /dev/null");
        Assert.Equal("1", File.ReadAllText(notes + ".code").Trim());
        Assert.StartsWith("lifeboat: ", File.ReadAllText(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_something_is_left_alone_until_forced()
    {
        string output = _folder.Write("out", "precious");
        CommandRun run = CommandRun.Of("filter", _dump, output);
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Equal($"lifeboat: {output} is there already; --force overwrites it{Environment.NewLine}", run.Error);
        Assert.Equal("precious", File.ReadAllText(output));
        Assert.Equal(0, CommandRun.Of("filter", _dump, output, "--force").Code);
        Assert.Equal(0, CommandRun.Of("verify", output).Code);
    }

    [Fact]
    public void The_dump_that_is_read_is_never_written_under_whatever_name()
    {
        byte[] before = File.ReadAllBytes(_dump);
        File.CreateSymbolicLink(_folder.Combine("link"), _dump);
        Directory.CreateSymbolicLink(_folder.Combine("folder"), _folder.Path);
        foreach (string output in (string[])[_dump, _folder.Combine("link"), _folder.Combine("folder", "vmcore")])
        {
            CommandRun run = CommandRun.Of("filter", _dump, output, "--force");
            Assert.Equal(1, run.Code);
            Assert.Contains("is a file that is read", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(_dump));
    }

    [Fact]
    public void What_is_written_of_an_incomplete_dump_says_so()
    {
        byte[] whole = File.ReadAllBytes(_dump);
        string cut = _folder.Write("cut", whole[..(whole.Length / 2)]);
        string output = _folder.Combine("out");
        CommandRun run = CommandRun.Of("filter", cut, output, "--level", "0");
        Assert.Equal(4, run.Code);
        Assert.Contains("INCOMPLETE", run.Output, StringComparison.Ordinal);
        using var dump = DumpSource.Open(output);
        Assert.True(dump.IsIncomplete);
    }

    [Fact]
    public void A_file_that_is_no_dump_is_exit_code_4_and_nothing_is_written()
    {
        CommandRun run = CommandRun.Of("filter", _folder.Write("text", "this is no dump"), _folder.Combine("out"));
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.False(File.Exists(_folder.Combine("out")));
    }

    [Fact]
    public void A_full_disk_is_exit_code_5()
    {
        CommandRun run = CommandRun.Of("filter", _dump, "/dev/full");
        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("/dev/full", run.Error, StringComparison.Ordinal);
        Assert.Contains("nothing of /dev/full could be kept", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_that_reaches_its_size_stops_and_is_kept_incomplete()
    {
        string output = _folder.Combine("out");
        CommandRun run = CommandRun.Of("filter", _dump, output, "--level", "0", "--compress", "none", "--max-size", "1M");
        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("does not fit the 1 MiB", run.Error, StringComparison.Ordinal);
        Assert.Contains($"lifeboat info {output} tells what it has", run.Error, StringComparison.Ordinal);
        Assert.True(new FileInfo(output).Length <= 1 << 20);
        using var dump = DumpSource.Open(output);
        Assert.True(dump.IsIncomplete);
    }

    [Fact]
    public void Raising_is_told_with_both_levels()
    {
        CommandRun run = CommandRun.Of(
            "filter", "--json", _dump, _folder.Combine("out"), "--level", "2", "--compress", "none", "--max-size", "1M",
            "--on-full", "raise");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        JsonElement root = document.RootElement;
        Assert.Equal(19, root.GetProperty("dumpLevel").GetInt32());
        Assert.Equal(2, root.GetProperty("dumpLevelAsked").GetInt32());
        Assert.True(root.GetProperty("raised").GetBoolean());
        using var dump = DumpSource.Open(_folder.Combine("out"));
        Assert.Equal((false, (DumpLevel?)19), (dump.IsIncomplete, dump.HeaderLevel));
    }

    [Theory]
    [InlineData("out", true)]
    [InlineData(null, false)]
    public void A_dry_run_writes_nothing_and_says_what_would_be_written(string? name, bool isNamed)
    {
        string output = _folder.Combine("out");
        string[] files = name is null ? [_dump] : [_dump, output];
        CommandRun run = CommandRun.Of(
            ["filter", "--json", "--dry-run", .. files, "--level", "1", "--max-size", "1K", "--on-full", "raise"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.False(File.Exists(output));
        Assert.Equal(0, CommandRun.Of("filter", _dump, output, "--level", "1").Code);
        using var document = JsonDocument.Parse(run.Output);
        JsonElement filter = document.RootElement.GetProperty("filter");
        Assert.Equal(isNamed ? 1 : 0, filter.GetProperty("files").GetArrayLength());
        Assert.Equal(1, filter.GetProperty("dumpLevel").GetInt32());
        Assert.Equal(
            (double)new FileInfo(output).Length, filter.GetProperty("fileBytes").GetUInt64(), tolerance: 4096);
        Assert.Equal(Pages, filter.GetProperty("pages").GetProperty("total").GetUInt64());
        Assert.False(filter.GetProperty("fits").GetBoolean());
        Assert.False(filter.TryGetProperty("raisedTo", out _));
    }

    [Fact]
    public void A_dry_run_reads_a_last_file_that_holds_something_as_a_part()
    {
        Assert.Equal(0, CommandRun.Of("filter", _dump, _folder.Combine("out"), "--split", "2").Code);
        CommandRun run = CommandRun.Of("filter", "--dry-run", _folder.Combine("out.1"), _folder.Combine("out.2"));
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Nothing is written: the dump would have", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not there", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name the file to write too", "in")]
    [InlineData("--max-size takes a size", "in", "out", "--max-size", "much")]
    [InlineData("--max-size takes a size", "in", "out", "--max-size", "0")]
    [InlineData("later", "in", "out", "--on-full", "later")]
    public void What_cannot_be_meant_is_exit_code_2(string message, params string[] words)
    {
        CommandRun run = CommandRun.Of(["filter", .. words]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static string Program => $"dotnet '{Path.Combine(AppContext.BaseDirectory, "lifeboat.dll")}'";

    private static void Shell(string line)
    {
        using Process shell = Process.Start("sh", ["-c", line]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
