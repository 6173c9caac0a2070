using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class InfoVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;

    public InfoVerbTests() => _dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_dump_is_reads_as_agreed()
    {
        string filtered = _folder.Combine("filtered");
        Assert.Equal(0, CommandRun.Of("filter", _dump, filtered, "--compress", "none").Code);
        Golden.Matches("info.txt", Succeeds("info", filtered));
    }

    [Fact]
    public void The_document_has_the_agreed_shape() => Golden.Matches("info.json", Succeeds("info", "--json", _dump));

    [Fact]
    public void Parts_are_one_dump_and_a_missing_one_is_told()
    {
        Assert.Equal(0, CommandRun.Of("filter", _dump, _folder.Combine("out"), "--split", "2", "--level", "0").Code);
        string whole = Succeeds("info", _folder.Combine("out.2"), _folder.Combine("out.1"));
        Assert.Contains("2 parts of a split dump", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("truncated", whole, StringComparison.Ordinal);
        string half = Succeeds("info", _folder.Combine("out.2"));
        Assert.Contains("INCOMPLETE", half, StringComparison.Ordinal);
        Assert.Contains("truncated", half, StringComparison.Ordinal);
        Assert.Contains("a part of a split dump is missing", half, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_without_notes_is_told_what_it_misses() => Assert.Contains(
        "missing   VMCOREINFO",
        Succeeds("info", _folder.Write("file", CoreFile.Of(new byte[4096], []))),
        StringComparison.Ordinal);

    [Fact]
    public void Keys_that_a_class_of_pages_needs_are_named_when_missing()
    {
        FakeKernel kernel = CrashedMachine.Create().WithMemoryMap();
        Assert.DoesNotContain("missing", Info(), StringComparison.Ordinal);
        kernel.Info.Remove("NUMBER(PG_lru)");
        Assert.Contains(
            "missing   NUMBER(PG_lru), NUMBER(PG_private) in VMCOREINFO: pages of the page cache cannot be told apart",
            Info(),
            StringComparison.Ordinal);

        string Info() => Succeeds("info", _folder.Write("keys", CoreFile.Of(kernel)));
    }

    [Theory]
    [InlineData("this is no dump")]
    [InlineData("")]
    [InlineData("KDUMP   ")]
    public void A_file_that_is_no_dump_is_exit_code_4(string content)
    {
        CommandRun run = CommandRun.Of("info", _folder.Write("file", content));
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.StartsWith("lifeboat: LB2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_exit_code_1()
    {
        CommandRun run = CommandRun.Of("info", _folder.Combine("none"));
        Assert.Equal((1, ""), (run.Code, run.Output));
    }

    private string Succeeds(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return run.Output.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal);
    }
}
