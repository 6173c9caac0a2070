using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Memory;

public sealed class RdCommandTests
{
    private readonly FakeWorld _world = new();
    private readonly ulong _place;

    public RdCommandTests()
    {
        _place = _world.New("char", "data", 64);
        _world.WriteText(_place, "A lifeboat, and");
        _world.WriteLong(_place + 16, FakeWorld.Start + 0x14);
    }

    [Theory]
    [InlineData("rd -64 data", "6f626566696c2041")]
    [InlineData("rd -32 data 3", "696c2041 6f626566 202c7461")]
    [InlineData("rd -16 data 2", "2041 696c")]
    [InlineData("rd -8 data 0x3", "41 20 6c")]
    [InlineData("rd -8 data+2 2", "6c 69")]
    [InlineData("rd -e data+10 data", "6f626566696c2041")]
    [InlineData("rd -s data+16", "start_kernel+0x4")]
    public void Shows_words_of_the_width_that_is_asked_for(string command, string words)
    {
        Assert.Contains(words, _world.Run(command), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_lines_of_words_and_text() => Assert.Equal(
        $"""
                 ADDRESS  WORDS                              TEXT
        {_place:x}  6f626566696c2041 00646e61202c7461  A lifeboat, and.
        {_place + 16:x}  ffffffff81000014                   ........

        """,
        _world.Run("rd data 3"));

    [Fact]
    public void Reads_physical_memory()
    {
        ulong physical = _place - FakeWorld.Start + 0x1000000;
        Assert.Contains("6f626566696c2041", _world.Run($"rd -p {physical:x}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_left_out_stands_in_its_place()
    {
        ulong page = (_place & ~4095UL) + 4096;
        _world.WriteLong(page - 8, 0x11);
        _ = _world.Kernel;
        _world.Exclude(page);
        Assert.Contains("0000000000000011 <excluded>", _world.Run($"rd {page - 8:x} 2"), StringComparison.Ordinal);
        Assert.Contains("<excluded> <excluded>", _world.Run("rd 10 2"), StringComparison.Ordinal);
        Assert.Contains("<excluded>", _world.Run("rd fffffffffffffff8 2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rd")]
    [InlineData("rd nothing")]
    [InlineData("rd data none")]
    [InlineData("rd data 0")]
    [InlineData("rd data 1 1")]
    [InlineData("rd -7 data")]
    [InlineData("rd data -e")]
    [InlineData("rd -e data data")]
    [InlineData("rd -s -8 data")]
    [InlineData("rd data 0xffffffffffffffff")]
    [InlineData("rd -p data")]
    public void Refuses_what_makes_no_sense(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));
}
