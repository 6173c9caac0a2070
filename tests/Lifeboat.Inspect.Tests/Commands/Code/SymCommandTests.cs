using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tables;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Code;

public sealed class SymCommandTests
{
    private readonly FakeWorld _world = new();

    [Theory]
    [InlineData("sym start_kernel", "start_kernel")]
    [InlineData("sym -n _stext", "_stext start_kernel")]
    [InlineData("sym -p start_kernel", "_stext start_kernel")]
    [InlineData("sym -p start_kernel+4", "_stext start_kernel")]
    [InlineData("sym -q BTF", "__start_BTF __stop_BTF")]
    public void Finds_symbols(string command, string names) => Assert.Equal(names, Names(command));

    [Fact]
    public void All_symbols_are_listed() => Assert.StartsWith("runqueues _stext start_kernel", Names("sym -l"), StringComparison.Ordinal);

    [Fact]
    public void What_has_no_neighbour_says_so()
    {
        Assert.Contains("note: no symbol is known before _stext", _world.Run("sym -p _stext"), StringComparison.Ordinal);
        Assert.Contains("note: no symbol is known behind _end", _world.Run("sym -n _end"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sym")]
    [InlineData("sym -n")]
    [InlineData("sym -x init")]
    public void Refuses_what_makes_no_sense(string command) => Assert.Throws<CommandException>(() => _world.Run(command));

    private string Names(string command) =>
        string.Join(' ', _world.Tables(command)[0].Rows.Select(row => row[3].ToText(ColumnKind.Text)));
}
