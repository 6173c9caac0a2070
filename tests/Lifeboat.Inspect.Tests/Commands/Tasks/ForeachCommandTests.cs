using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tables;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Tasks;

public sealed class ForeachCommandTests
{
    private readonly FakeWorld _world = new();

    [Theory]
    [InlineData("", "swapper/0 init worker clock")]
    [InlineData("7 clock ", "worker clock")]
    [InlineData("active ", "init")]
    [InlineData("user ", "swapper/0 init worker clock")]
    [InlineData("kernel ", "")]
    [InlineData("RU worker ", "worker")]
    [InlineData("UN IN ", "")]
    [InlineData("gleader 8 ", "clock")]
    [InlineData("\\init ", "init")]
    public void Runs_a_command_for_each_task_that_fits(string selectors, string names)
    {
        IReadOnlyList<Table> tables = _world.Tables($"foreach {selectors}task -R comm");
        string[] found = [.. tables.Where(table => table.Name == "tasks").SelectMany(table => table.Rows).Select(row => row[4].ToText(ColumnKind.Text).Trim('"'))];
        Assert.Equal(names, string.Join(' ', found.Distinct()));
        Assert.Null(_world.Session.Chosen);
    }

    [Fact]
    public void Each_task_stands_above_its_tables()
    {
        string text = _world.Run("foreach 7 8 task -R prio");
        Assert.Equal(2, text.Split("PID              TASK  CPU  ST  COMM").Length - 1);
        Assert.Contains("note: no such task was found", _world.Run("foreach 99 task"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foreach")]
    [InlineData("foreach UN")]
    [InlineData("foreach UN mod")]
    [InlineData("foreach task -y")]
    public void Refuses_what_makes_no_sense(string command)
    {
        _ = _world.Run("set 7");
        Assert.Throws<CommandException>(() => _world.Run(command));
        Assert.Contains("COMM: worker", _world.Run("set"), StringComparison.Ordinal);
    }
}
