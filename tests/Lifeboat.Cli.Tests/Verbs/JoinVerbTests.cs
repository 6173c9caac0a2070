using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class JoinVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;
    private readonly string _joined;

    public JoinVerbTests()
    {
        _dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));
        _joined = _folder.Combine("joined");
        Assert.Equal(0, CommandRun.Of("filter", _dump, _folder.Combine("out"), "--split", "3").Code);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_parts_in_any_order_are_the_dump()
    {
        CommandRun run = CommandRun.Of("join", Part(2), Part(3), Part(1), _joined);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith($"{_joined}: ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith($" of 3 parts{Environment.NewLine}", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("verify", _joined).Code);
        Assert.Equal(CommandRun.Of("inspect", _dump, "log"), CommandRun.Of("inspect", _joined, "log"));
    }

    [Fact]
    public void A_missing_part_is_exit_code_4_and_told()
    {
        CommandRun run = CommandRun.Of("join", "--json", Part(1), Part(3), _joined);
        Assert.Equal(4, run.Code);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(1, document.RootElement.GetProperty("schema").GetInt32());
        Assert.True(document.RootElement.GetProperty("incomplete").GetBoolean());
        Assert.NotEqual(0, document.RootElement.GetProperty("notices").GetArrayLength());
        Assert.Equal(4, CommandRun.Of("verify", _joined).Code);
    }

    [Fact]
    public void A_forgotten_output_does_not_cost_the_last_part()
    {
        byte[] before = File.ReadAllBytes(Part(3));
        CommandRun run = CommandRun.Of("join", Part(1), Part(2), Part(3));
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Part(3)));
    }

    [Fact]
    public void A_part_is_never_overwritten()
    {
        CommandRun run = CommandRun.Of("join", "--force", Part(1), Part(2), Part(3), Part(1));
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Equal(0, CommandRun.Of("verify", Part(1), Part(2), Part(3)).Code);
    }

    [Fact]
    public void A_dump_that_is_no_part_is_exit_code_4_and_nothing_is_written()
    {
        CommandRun run = CommandRun.Of("join", _dump, _joined);
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.False(File.Exists(_joined));
    }

    [Fact]
    public void A_flattened_dump_becomes_the_file_it_stands_for()
    {
        string flat = _folder.Combine("flat");
        string whole = _folder.Combine("whole");
        Assert.Equal(0, CommandRun.Of("filter", _dump, flat, "--format", "flattened").Code);
        Assert.Equal(0, CommandRun.Of("filter", _dump, whole).Code);
        CommandRun run = CommandRun.Of("join", "--json", flat, _joined);
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(new FileInfo(whole).Length, document.RootElement.GetProperty("fileBytes").GetInt64());
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(_joined));
    }

    [Fact]
    public void A_flattened_dump_that_ends_early_is_exit_code_4()
    {
        string flat = _folder.Combine("flat");
        Assert.Equal(0, CommandRun.Of("filter", _dump, flat, "--format", "flattened").Code);
        byte[] bytes = File.ReadAllBytes(flat);
        Assert.Equal(4, CommandRun.Of("join", _folder.Write("cut", bytes[..^100]), _joined).Code);
    }

    [Fact]
    public void Every_command_takes_the_parts_as_they_are()
    {
        string[] parts = [Part(3), Part(1), Part(2)];
        Assert.Equal(0, CommandRun.Of(["filter", .. parts, _joined]).Code);
        Assert.Equal(0, CommandRun.Of("verify", _joined).Code);
        Assert.Equal(CommandRun.Of("inspect", _dump, "log"), CommandRun.Of(["inspect", .. parts, "log"]));
        Assert.Equal(0, CommandRun.Of(["info", .. parts]).Code);
        Assert.Equal(0, CommandRun.Of(["verify", .. parts]).Code);
    }

    [Fact]
    public void Standard_input_stands_alone()
    {
        CommandRun run = CommandRun.Of("info", Part(1), "-");
        Assert.Equal(1, run.Code);
        Assert.Contains("standard input", run.Error, StringComparison.Ordinal);
    }

    private string Part(int number) => _folder.Combine($"out.{number}");
}
