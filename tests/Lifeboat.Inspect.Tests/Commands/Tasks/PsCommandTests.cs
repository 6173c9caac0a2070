using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Tasks;

public sealed class PsCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Times_are_since_boot_and_on_cpus() => Assert.Matches(
        "7 .*  0 00:00:03.500000  0 00:00:01.500000  0 00:00:00.000000  0 00:00:00.002000  worker", _world.Run("ps -t 7"));

    [Fact]
    public void What_ran_last_comes_first()
    {
        string[] lines = _world.Run("ps -m 7 8").Split('\n');
        Assert.Matches("^0 00:00:01.000000 .* clock$", lines[1]);
        Assert.Matches("^0 00:00:02.000000 .* worker$", lines[2]);
        Assert.Matches("^0 00:00:04.000000 .* clock$", _world.Run("ps -l").Split('\n')[1]);
    }

    [Fact]
    public void Parents_stand_above_their_children()
    {
        string[] lines = _world.Run("ps -p 7").Split('\n');
        Assert.StartsWith("PID 7  worker  task 0x", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("  swapper/0", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("    worker", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Children_and_threads_are_those_that_are_linked()
    {
        string children = _world.Run("ps -c 0");
        Assert.Contains("worker", children, StringComparison.Ordinal);
        Assert.Contains("clock", children, StringComparison.Ordinal);
        Assert.DoesNotContain("init\n", children, StringComparison.Ordinal);
        Assert.Contains("note: no children", _world.Run("ps -c 7"), StringComparison.Ordinal);
        Assert.Contains("note: no threads", _world.Run("ps -g 7"), StringComparison.Ordinal);
        ulong signal = _world.New("struct signal_struct");
        _world.Set(_world.Worker, "struct task_struct", "signal", signal);
        _world.Ring(
            _world.Place(signal, "struct signal_struct", "thread_head"), _world.Place(_world.Worker, "struct task_struct", "thread_node"));
        Assert.EndsWith("  worker\n", _world.Run("ps -g 7"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_family_that_leads_in_a_circle_ends()
    {
        ulong other = _world.InitTask;
        _world.Set(_world.Worker, "struct task_struct", "real_parent", other);
        _world.Set(other, "struct task_struct", "real_parent", _world.Worker);
        Assert.Contains("note: the parents lead in a circle", _world.Run("ps -p 7"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_ran_on_a_cpu_is_wanted() =>
        Assert.Equal(["init"], _world.Tables("ps -A")[0].Rows.Select(row => row[8].ToText(Lifeboat.Inspect.Tables.ColumnKind.Text)));

    [Theory]
    [InlineData("ps -t -m")]
    [InlineData("ps -x")]
    public void Refuses_what_makes_no_sense(string command) => Assert.Throws<CommandException>(() => _world.Run(command));
}
