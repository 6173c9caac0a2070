using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.Makedumpfile;

/// <summary>What this program writes under makedumpfile's name is read by others, and the other way round.</summary>
public sealed class MakedumpfileExchangeTests(RealDump real) : IClassFixture<RealDump>, IDisposable
{
    private readonly MakedumpfileRooms _rooms = new(real);

    public void Dispose() => _rooms.Dispose();

    [Theory]
    [InlineData("-F -l -d 31 dump")]
    [InlineData("-F -d 31 filtered")]
    [InlineData("-F -E -d 31 elf")]
    public void A_flattened_dump_is_rearranged_by_the_other(string line)
    {
        (string folder, string theirs, string ours) = (_rooms.Ours, Tools.Makedumpfile, _rooms.Program);
        Assert.Equal(0, ToolRun.OfShell(folder, $"{theirs} {line} 2> /dev/null | {theirs} -R out > /dev/null").Code);
        Assert.Equal(0, ToolRun.OfShell(folder, $"{ours} {line} 2> /dev/null | {theirs} -R a > /dev/null").Code);
        Assert.Equal(0, ToolRun.OfShell(folder, $"{theirs} {line} 2> /dev/null | {ours} -R b > /dev/null").Code);
        DumpFacts? expected = _rooms.FactsOf(folder, "out");
        Assert.Equal(expected, _rooms.FactsOf(folder, "a"));
        Assert.Equal(expected, _rooms.FactsOf(folder, "b"));
    }

    [Fact]
    public void A_split_dump_is_reassembled_by_the_other()
    {
        (string folder, string theirs, string ours) = (_rooms.Ours, Tools.Makedumpfile, _rooms.Program);
        Assert.Equal(0, ToolRun.Of(folder, theirs, "-l", "-d", "31", "dump", "whole").Code);
        DumpFacts? expected = _rooms.FactsOf(folder, "whole");
        foreach ((string splitter, string joiner) in new[] { (ours, theirs), (theirs, ours), (ours, ours) })
        {
            var split = ToolRun.Of(folder, splitter, "-f", "--split", "-l", "-d", "31", "dump", "a", "b", "c");
            Assert.Equal(0, split.Code);
            Assert.Contains("\nThe dumpfiles are saved to a, b, and c.\n\nmakedumpfile Completed.\n", split.Output, StringComparison.Ordinal);
            Assert.Equal(0, ToolRun.Of(folder, joiner, "-f", "--reassemble", "a", "b", "c", "joined").Code);
            Assert.Equal(expected, _rooms.FactsOf(folder, "joined"));
        }
    }

    [Fact]
    public void Readelf_and_gdb_read_what_E_writes()
    {
        Tools.Require(Tools.Readelf);
        Tools.Require(Tools.Gdb);
        Assert.Equal(0, ToolRun.Of(_rooms.Ours, _rooms.Program, "-E", "-d", "31", "dump", "out").Code);
        string written = Path.Combine(_rooms.Ours, "out");
        Assert.Contains("CORE (Core file)", Tools.Run(Tools.Readelf, "-h", written), StringComparison.Ordinal);
        Assert.Contains(
            "Local core dump file", Tools.Run(Tools.Gdb, "-batch", "-ex", "info files", "-c", written), StringComparison.Ordinal);
    }
}
