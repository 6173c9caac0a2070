using System.Text.RegularExpressions;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.Makedumpfile;

/// <summary>The same command line, run by makedumpfile and by this program under its name, on the dump of a real kernel.</summary>
public sealed partial class MakedumpfileOracleTests(RealDump real) : IClassFixture<RealDump>, IDisposable
{
    private readonly MakedumpfileRooms _rooms = new(real);

    public void Dispose() => _rooms.Dispose();

    [Theory]
    [InlineData("-d 31 dump out")]
    [InlineData("-c -d 31 dump out")]
    [InlineData("-ld31 dump out")]
    [InlineData("dump -p out -d 23")]
    [InlineData("-l -d 31,1 dump out")]
    [InlineData("-l -d 31 --num-threads=2 --cyclic-buffer 64 --non-mmap -b 5 --work-dir . dump out")]
    [InlineData("-l -d 1,31 -L 40M dump out")]
    [InlineData("-l -d 31 -L 1M filtered out")]
    [InlineData("-f -l -d 31 dump precious")]
    [InlineData("-l -d 1 filtered out")]
    [InlineData("-l -d 31 --dry-run filtered out")]
    [InlineData("-l -d 31 --dry-run -L 1M filtered out")]
    [InlineData("--message-level 0 --dump-dmesg filtered log")]
    [InlineData("--message-level 2 --dump-dmesg filtered log")]
    [InlineData("--dump-dmesg dump log")]
    [InlineData("--dump-dmesg filtered log")]
    [InlineData("--dump-dmesg --partial-dmesg dump log")]
    [InlineData("--dump-dmesg -L 1000 dump log")]
    [InlineData("--dump-dmesg -f dump precious")]
    [InlineData("-E -d 31 elf out")]
    [InlineData("-l -d 31 elf out")]
    [InlineData("-i right -d 31 -l filtered out")]
    [InlineData("-i wrong -d 31 -l filtered out")]
    [InlineData("-l -d 31 dump precious")]
    [InlineData("--dump-dmesg dump precious")]
    [InlineData("-R precious")]
    [InlineData("-l -d 31 missing out")]
    [InlineData("-l -d 31 precious out")]
    [InlineData("-l -d 31 dump missing/out")]
    [InlineData("-i missing dump out")]
    [InlineData("-x missing dump out")]
    [InlineData("--reassemble dump filtered out")]
    public void A_command_line_does_the_same(string line)
    {
        var theirs = ToolRun.Of(_rooms.Theirs, Tools.Makedumpfile, line.Split(' '));
        var ours = ToolRun.Of(_rooms.Ours, _rooms.Program, line.Split(' '));
        Assert.True(theirs.Code == ours.Code, $"{line}: {theirs} {ours}");
        Assert.Equal(LastLines(theirs.Output), LastLines(ours.Output));
        if (theirs.Code == 0)
        {
            Assert.Equal(_rooms.FactsOf(_rooms.Theirs, "out"), _rooms.FactsOf(_rooms.Ours, "out"));
            Assert.Equal(_rooms.FactsOf(_rooms.Theirs, "precious"), _rooms.FactsOf(_rooms.Ours, "precious"));
        }

        (string theirLog, string ourLog) = (MakedumpfileRooms.LogOf(_rooms.Theirs), MakedumpfileRooms.LogOf(_rooms.Ours));
        Assert.Equal(theirLog, TellsCallers(theirLog) ? ourLog : WithoutCallers(ourLog, line));
    }

    [Fact]
    public void A_kernel_image_is_compared_by_its_build_id()
    {
        var run = ToolRun.Of(_rooms.Ours, _rooms.Program, "-x", "/bin/sh", "-d", "31", "dump", "out");
        Assert.Equal(new ToolRun(2, "\nmakedumpfile Failed.\n", "check_release: /bin/sh and dump don't match.\n"), run);
        Assert.False(File.Exists(Path.Combine(_rooms.Ours, "out")));
        string? debug = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_DEBUGINFO");
        string[] images = debug is null ? [] : Directory.GetFiles(debug, "vmlinux*6.1.0*", SearchOption.AllDirectories);
        Assert.SkipWhen(images.Length == 0, "LIFEBOAT_TEST_DEBUGINFO names no folder with an image of 6.1");
        Assert.Equal(0, ToolRun.Of(_rooms.Ours, _rooms.Program, "-x", images[0], "-d", "31", "dump", "out").Code);
    }

    // Who wrote a line is told by newer makedumpfiles only.
    private static bool TellsCallers(string log) => log.Length == 0 || Caller().IsMatch(log);

    private static string WithoutCallers(string log, string line)
    {
        Assert.SkipWhen(line.Contains("-L ", StringComparison.Ordinal), "this makedumpfile's lines are shorter, and cut elsewhere");
        return Indent().Replace(Caller().Replace(log, ""), "               ");
    }

    [GeneratedRegex(@"(?<=^\[ *\d+\.\d{6}\] )\[ *[CT]\d+\] ", RegexOptions.Multiline)]
    private static partial Regex Caller();

    [GeneratedRegex("^ {26}", RegexOptions.Multiline)]
    private static partial Regex Indent();

    private static string LastLines(string output) => string.Join('\n', output.Split('\n').Where(line =>
        line.StartsWith("The dump", StringComparison.Ordinal) || line.StartsWith("The dmesg", StringComparison.Ordinal)
        || line.StartsWith("makedumpfile ", StringComparison.Ordinal)));
}
