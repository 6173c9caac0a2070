using System.Text.RegularExpressions;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.Makedumpfile;

/// <summary>Command lines that makedumpfile takes and does not take; nothing is read or written.</summary>
[Collection(ConsoleCollection.Name)]
public sealed partial class MakedumpfileCommandLineTests : IDisposable
{
    private const string Try = "Commandline parameter is invalid.\nTry `makedumpfile --help' for more information.\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Right => new(
        "in out", "-c in out", "-l -d 31 in out", "-cd31 in out", "in -z out -d 1,31", "-E -d 31 in out", "-F in",
        "-F -c -d 31 in", "-FE in", "-R out", "-fR out", "--split in a b", "--split -d 31 in a b c", "--split -f in a b",
        "--reassemble a b out", "--reassemble a out", "--num-threads=2 in out", "--num-threads 2 -z in out", "--num 2 in out",
        "--cyclic-buffer 1024 in out", "--splitblock-size=1 --split in a b", "--work-dir /tmp in out", "--non-mmap in out",
        "-b 4 in out", "-x vmlinux in out", "-i info -d 31 in out", "--dump-dmesg in out", "--dump in out",
        "--dump-dmesg --partial-dmesg in out", "-F --dump-dmesg in", "--mem-usage in", "-f --mem-usage in", "--dry-run in out",
        "--show-stats in out", "--message-level 31 in out", "--message=0 in out", "-D in out", "-L 10M in out",
        "-L 0x1000 in out", "--vtop 0xffffffff81000000 in out", "-d all in out", "-d , in out", "-d 1x in out", "-- in out",
        "-", "in - --dry-run", "-lz in out", "-vh");

    public static TheoryData<string> Wrong => new(
        "", "in", "in out more", "-q", "--nonsense in out", "-d", "-d 32 in out", "-d -1 in out", "-d 31,32 in out",
        "-c -E in out", "-F in out", "-F --split in a b", "-R", "-R a b", "-R -c out", "-R -d 1 out", "-R -E out", "-R -F out",
        "--reassemble -c a b out", "--reassemble --split a b out", "--reassemble --dry-run a b out", "--split in a",
        "--split -E in a b", "--split --num-threads 2 in a b", "--num-threads 2 -E in out", "-x vmlinux -i info in out",
        "--partial-dmesg in out", "--dry-run --dump-dmesg in out", "--mem-usage", "-L 0 in out", "-L 1MB in out", "-L x in out",
        "--message-level 32 in out", "--message-level=-1 in out", "--s in out", "--d in out", "--split=2 in a b", "-L");

    [Theory]
    [MemberData(nameof(Right))]
    public void A_right_command_line_passes(string line)
    {
        CommandRun run = CommandRun.As("makedumpfile", ["--check-params", .. Words(line)]);
        Assert.Equal("", run.Error);
        Assert.Equal(line is "-" ? 1 : 0, run.Code);
        AssertAsMakedumpfile(line, run);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_command_line_fails_and_says_so(string line)
    {
        CommandRun run = CommandRun.As("makedumpfile", ["--check-params", .. Words(line)]);
        Assert.Equal(1, run.Code);
        Assert.NotEqual("", run.Output + run.Error);
        AssertAsMakedumpfile(line, run);
    }

    [Theory]
    [InlineData("-e --work-dir /tmp in out", "-e is not done: ")]
    [InlineData("-X in out", "-X is not done: ")]
    [InlineData("-g info -x vmlinux", "-g is not done: ")]
    [InlineData("--config=rules -x vmlinux in out", "--config is not done: ")]
    [InlineData("--epp macro -x vmlinux in out", "--eppic is not done: ")]
    [InlineData("--extension a.so in out", "--extension is not done: ")]
    [InlineData("--diskset=a --diskset=b out", "--diskset is not done: ")]
    [InlineData("--xen-syms syms in out", "--xen-syms is not done: ")]
    [InlineData("--xen-vmcoreinfo info in out", "--xen-vmcoreinfo is not done: ")]
    [InlineData("--xen_phys_start 1 in out", "--xen_phys_start is not done: ")]
    public void An_option_that_is_not_done_is_refused_by_its_name(string line, string start)
    {
        CommandRun run = CommandRun.As("makedumpfile", Words(line));
        Assert.Equal((1, "\nmakedumpfile Failed.\n"), (run.Code, run.Output));
        Assert.StartsWith($"lifeboat: {start}", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, CommandRun.As("makedumpfile", ["--check-params", .. Words(line)]).Code);
    }

    [Fact]
    public void Without_a_word_the_way_to_the_help_is_told() =>
        Assert.Equal(new CommandRun(1, $"{Try}\nmakedumpfile Failed.\n", ""), CommandRun.As("makedumpfile"));

    [Fact]
    public void The_help_is_a_page() => Golden.Matches("help-makedumpfile.txt", CommandRun.As("makedumpfile", "-h").Output);

    [Fact]
    public void Scripts_find_the_codecs_in_the_version() => Assert.EndsWith(
        "\nlzo\tenabled\nsnappy\tenabled\nzstd\tenabled\n\n", CommandRun.As("makedumpfile", "-v").Output, StringComparison.Ordinal);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // The name it was called by: of one that runs through its own suite's dynamic loader, a longer one.
    [GeneratedRegex("^/.*/makedumpfile:", RegexOptions.Multiline)]
    private static partial Regex CallerName();

    // The exit code and every line; where an older makedumpfile does not know an option, nothing is compared.
    private void AssertAsMakedumpfile(string line, CommandRun ours)
    {
        if (!File.Exists(Tools.Makedumpfile) || line is "-vh" || line.Contains("--reassemble --dry-run", StringComparison.Ordinal))
        {
            return;
        }

        var theirs = ToolRun.Of(_folder.Path, Tools.Makedumpfile, ["--check-params", .. Words(line)]);
        if (theirs.Error.Contains("unrecognized option", StringComparison.Ordinal) && !line.Contains("nonsense", StringComparison.Ordinal))
        {
            return;
        }

        Assert.Equal(
            (theirs.Code, theirs.Output, CallerName().Replace(theirs.Error, "makedumpfile:")),
            (ours.Code, ours.Output, ours.Error));
    }
}
