using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class InspectVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;

    public InspectVerbTests() => _dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_happened_reads_as_agreed() => Golden.Matches("inspect.txt", Succeeds("inspect", _dump));

    [Fact]
    public void The_log_reads_as_agreed() => Golden.Matches("inspect-log.txt", Succeeds("inspect", _dump, "log"));

    [Fact]
    public void The_document_has_the_agreed_shape() =>
        Golden.Matches("inspect.json", Succeeds("inspect", "--json", _dump));

    [Fact]
    public void The_log_s_document_is_json_of_schema_1()
    {
        using var document = JsonDocument.Parse(Succeeds("inspect", _dump, "log", "--json"));
        Assert.Equal(1, document.RootElement.GetProperty("schema").GetInt32());
        Assert.Equal(7, document.RootElement.GetProperty("records").GetArrayLength());
    }

    [Theory]
    [InlineData("-t", "^Linux version")]
    [InlineData("-m", "^\\[    1.500000\\] <[0-7]>Linux version")]
    [InlineData("-d", "^\\[    1.500000 <    0.000000>\\] Linux version")]
    [InlineData("-T", "^\\[... ... .. ..:..:.. UTC ....\\] Linux version")]
    [InlineData("-c", "^\\[    1.500000\\] \\[T[0-9]+\\] Linux version")]
    public void The_log_can_be_had_otherwise(string option, string start) =>
        Assert.Matches(start, Succeeds("inspect", _dump, "log", option));

    [Theory]
    [InlineData("this is no dump")]
    [InlineData("")]
    [InlineData("\u007fELF")]
    [InlineData("KDUMP   ")]
    [InlineData("makedumpfile")]
    public void A_file_that_is_no_dump_is_exit_code_4(string content)
    {
        CommandRun run = CommandRun.Of("inspect", _folder.Write("file", content));
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.StartsWith("lifeboat: LB2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_over_a_dump_without_symbols_is_exit_code_4()
    {
        CommandRun run = CommandRun.Of("inspect", _dump, "ps");
        Assert.Equal(4, run.Code);
        Assert.StartsWith("note: ps finds nothing", run.Output, StringComparison.Ordinal);
        Assert.Contains("note: LB8001", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_needs_no_symbols_works_without_them()
    {
        CommandRun run = CommandRun.Of("inspect", _dump, "rd", "-p", "1000000", "2");
        Assert.Equal(0, run.Code);
        Assert.StartsWith("ADDRESS", run.Output.TrimStart(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--system-map", "LB8009")]
    [InlineData("--vmlinux", "LB8010")]
    public void A_file_that_is_not_the_kernel_s_is_refused(string option, string id)
    {
        string file = _folder.Write("file", "ffffffffffffffff B nothing\n");
        CommandRun run = CommandRun.Of("inspect", option, file, _dump, "ps");
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.StartsWith($"lifeboat: {id}", run.Error, StringComparison.Ordinal);
        run = CommandRun.Of("inspect", option, file + ".not-there", _dump);
        Assert.NotEqual(0, run.Code);
        Assert.Contains("not-there", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_is_none_is_exit_code_2()
    {
        CommandRun run = CommandRun.Of("inspect", _dump, "-c", "sp");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("there is no command sp", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_exit_code_1_and_named()
    {
        CommandRun run = CommandRun.Of("inspect", _folder.Combine("none"));
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Equal($"lifeboat: open {_folder.Combine("none")}: ENOENT (No such file or directory){Environment.NewLine}", run.Error);
    }

    [Fact]
    public void A_folder_is_exit_code_1()
    {
        CommandRun run = CommandRun.Of("inspect", _folder.Path);
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("EISDIR", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_without_a_log_gives_notes_on_standard_error_and_succeeds()
    {
        CommandRun run = CommandRun.Of("inspect", _folder.Write("file", CoreFile.Of(new byte[4096], [])), "log");
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.StartsWith("lifeboat: LB", run.Error, StringComparison.Ordinal);
    }

    private string Succeeds(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return run.Output.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal);
    }
}
