using System.Text.RegularExpressions;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.Makedumpfile;

/// <summary>The same command line, run by makedumpfile and by this program under its name, on the dump of a real kernel.</summary>
[Collection(ConsoleCollection.Name)]
public sealed partial class MakedumpfileOracleTests(RealDump real) : IClassFixture<RealDump>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
        Prepare();
        var theirs = ToolRun.Of(Room("theirs"), Tools.Makedumpfile, line.Split(' '));
        var ours = ToolRun.Of(Room("ours"), ProgramLink.Create(_folder.Path, "makedumpfile"), line.Split(' '));
        Assert.True(theirs.Code == ours.Code, $"{line}: {theirs} {ours}");
        Assert.Equal(LastLines(theirs.Output), LastLines(ours.Output));
        if (theirs.Code == 0)
        {
            Assert.Equal(FactsOf("theirs", "out"), FactsOf("ours", "out"));
            Assert.Equal(FactsOf("theirs", "precious"), FactsOf("ours", "precious"));
        }

        (string theirLog, string ourLog) = (LogOf("theirs"), LogOf("ours"));
        Assert.Equal(theirLog, TellsCallers(theirLog) ? ourLog : WithoutCallers(ourLog, line));
    }

    [Theory]
    [InlineData("-F -l -d 31 dump")]
    [InlineData("-F -d 31 filtered")]
    [InlineData("-F -E -d 31 elf")]
    public void A_flattened_dump_is_rearranged_by_the_other(string line)
    {
        Prepare();
        (string folder, string theirs) = (Room("ours"), Tools.Makedumpfile);
        string ours = ProgramLink.Create(_folder.Path, "makedumpfile");
        Assert.Equal(0, ToolRun.OfShell(folder, $"{theirs} {line} 2> /dev/null | {theirs} -R out > /dev/null").Code);
        Assert.Equal(0, ToolRun.OfShell(folder, $"{ours} {line} 2> /dev/null | {theirs} -R a > /dev/null").Code);
        Assert.Equal(0, ToolRun.OfShell(folder, $"{theirs} {line} 2> /dev/null | {ours} -R b > /dev/null").Code);
        DumpFacts? expected = FactsOf("ours", "out");
        Assert.Equal(expected, FactsOf("ours", "a"));
        Assert.Equal(expected, FactsOf("ours", "b"));
    }

    [Fact]
    public void A_split_dump_is_reassembled_by_the_other()
    {
        Prepare();
        (string folder, string theirs) = (Room("ours"), Tools.Makedumpfile);
        string ours = ProgramLink.Create(_folder.Path, "makedumpfile");
        Assert.Equal(0, ToolRun.Of(folder, theirs, "-l", "-d", "31", "dump", "whole").Code);
        DumpFacts? expected = FactsOf("ours", "whole");
        foreach ((string splitter, string joiner) in new[] { (ours, theirs), (theirs, ours), (ours, ours) })
        {
            var split = ToolRun.Of(folder, splitter, "-f", "--split", "-l", "-d", "31", "dump", "a", "b", "c");
            Assert.Equal(0, split.Code);
            Assert.Contains("\nThe dumpfiles are saved to a, b, and c.\n\nmakedumpfile Completed.\n", split.Output, StringComparison.Ordinal);
            Assert.Equal(0, ToolRun.Of(folder, joiner, "-f", "--reassemble", "a", "b", "c", "joined").Code);
            Assert.Equal(expected, FactsOf("ours", "joined"));
        }
    }

    [Fact]
    public void Readelf_and_gdb_read_what_E_writes()
    {
        Prepare();
        Tools.Require(Tools.Readelf);
        Tools.Require(Tools.Gdb);
        string folder = Room("ours");
        Assert.Equal(0, CommandRun.As("makedumpfile", "-E", "-d", "31", Path.Combine(folder, "dump"), Path.Combine(folder, "out")).Code);
        Assert.Contains("CORE (Core file)", Tools.Run(Tools.Readelf, "-h", Path.Combine(folder, "out")), StringComparison.Ordinal);
        Assert.Contains(
            "Local core dump file", Tools.Run(Tools.Gdb, "-batch", "-ex", "info files", "-c", Path.Combine(folder, "out")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_image_is_compared_by_its_build_id()
    {
        Prepare();
        string dump = Path.Combine(Room("ours"), "dump");
        CommandRun run = CommandRun.As("makedumpfile", "-x", "/bin/sh", "-d", "31", dump, _folder.Combine("out"));
        Assert.Equal((2, "\nmakedumpfile Failed.\n"), (run.Code, run.Output));
        Assert.Equal($"check_release: /bin/sh and {dump} don't match.\n", run.Error);
        Assert.False(File.Exists(_folder.Combine("out")));
        string? debug = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_DEBUGINFO");
        string[] images = debug is null ? [] : Directory.GetFiles(debug, "vmlinux*6.1.0*", SearchOption.AllDirectories);
        Assert.SkipWhen(images.Length == 0, "LIFEBOAT_TEST_DEBUGINFO names no folder with an image of 6.1");
        Assert.Equal(0, CommandRun.As("makedumpfile", "-x", images[0], "-d", "31", dump, _folder.Combine("out")).Code);
    }

    private void Prepare()
    {
        Tools.Require(Tools.Makedumpfile);
        string dump = RealDump.Require();
        foreach (string room in (string[])["theirs", "ours"])
        {
            Directory.CreateDirectory(Room(room));
            File.CreateSymbolicLink(Path.Combine(Room(room), "dump"), dump);
            File.CreateSymbolicLink(Path.Combine(Room(room), "filtered"), Path.ChangeExtension(dump, ".kdump"));
            File.CreateSymbolicLink(Path.Combine(Room(room), "elf"), real.Elf);
            _folder.Write($"{room}/precious", "precious");
            _folder.Write($"{room}/right", $"OSRELEASE={Path.GetFileNameWithoutExtension(dump)}\nPAGESIZE=4096\n");
            _folder.Write($"{room}/wrong", "OSRELEASE=6.1.0-other\nPAGESIZE=4096\n");
        }
    }

    private string Room(string name) => _folder.Combine(name);

    // makedumpfile keeps short runs of pages that are left out in an ELF file, and leaves its zeros out: what both have to
    // have is what is left when they are filtered again.
    private DumpFacts? FactsOf(string room, string name)
    {
        string path = _folder.Combine(room, name);
        if (!File.Exists(path) || new FileInfo(path).Length <= "precious".Length || IsLog(path))
        {
            return null;
        }

        var facts = DumpFacts.Of(path);
        if (facts.Format != "ELF")
        {
            return facts;
        }

        Assert.Equal(0, CommandRun.Of("filter", path, path + ".kdump", "--level", "31", "--compress", "none").Code);
        return DumpFacts.Of(path + ".kdump", skipZeros: true);
    }

    private static bool IsLog(string path)
    {
        using FileStream file = File.OpenRead(path);
        return file.ReadByte() == '[';
    }

    private string LogOf(string room)
    {
        string text = "";
        foreach (string name in (string[])["log", "precious"])
        {
            string path = _folder.Combine(room, name);
            text += File.Exists(path) && IsLog(path) ? File.ReadAllText(path) : "";
        }

        return text;
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
