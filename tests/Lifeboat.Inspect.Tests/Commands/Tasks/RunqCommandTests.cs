using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Tasks;

public sealed class RunqCommandTests
{
    private const string Queues = "QUEUE";

    private readonly FakeWorld _world = new();

    [Fact]
    public void Shows_what_runs_and_what_waits()
    {
        string[] rows = [.. _world.Tables("runq")[0].Rows.Select(
            row => string.Join(' ', new[] { 0, 2, 4, 6 }.Select(i => row[i].ToText(Inspect.Tables.ColumnKind.Number))))];
        Assert.Equal(["0 current 0 swapper/0", "1 current 1 init", "1 rt 8 clock", "1 cfs 7 worker"], rows);
        Assert.Contains(Queues, _world.Run("runq"), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_one_CPU_only() => Assert.DoesNotContain("swapper", _world.Run("runq -c 1"), StringComparison.Ordinal);

    [Fact]
    public void Looks_into_groups()
    {
        ulong group = _world.New("struct cfs_rq");
        ulong inner = _world.New("struct task_struct");
        _world.Set(group, "struct cfs_rq", "tasks_timeline.rb_root.rb_node", _world.Place(inner, "struct task_struct", "se.run_node"));
        _world.WriteText(_world.Place(inner, "struct task_struct", "comm"), "inner");
        _world.Set(_world.Worker, "struct task_struct", "se.my_q", group);
        string text = _world.Run("runq");
        Assert.Contains("inner", text, StringComparison.Ordinal);
        Assert.DoesNotContain("worker", text, StringComparison.Ordinal);
        _world.Set(inner, "struct task_struct", "se.my_q", group);
        Assert.Contains("deeper than any should", _world.Run("runq"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_a_queue_breaks_off()
    {
        _world.Set(_world.Worker, "struct task_struct", "se.run_node.rb_left", 0x10);
        Assert.Contains("note: the list of CPU 1's queue cfs breaks off: 0x", _world.Run("runq"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runq -x")]
    [InlineData("runq -c")]
    [InlineData("runq -c one")]
    [InlineData("runq -c 99999999999")]
    public void Refuses_what_makes_no_sense(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));
}
