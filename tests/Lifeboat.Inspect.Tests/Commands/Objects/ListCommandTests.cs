using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Objects;

public sealed class ListCommandTests
{
    private readonly FakeWorld _world = new();
    private readonly ulong _head;

    public ListCommandTests() => _head = _world.New("struct list_head", "head");

    [Fact]
    public void Follows_a_ring_from_its_head()
    {
        _world.Ring(_head, Tasks(_world.InitTask), Tasks(_world.Worker));
        Assert.Equal(
            $"""
                      OBJECT  comm      real_parent.pid
            {_world.InitTask:x}  "init"    0
            {_world.Worker:x}  "worker"  0

            """,
            _world.Run("list -o task_struct.tasks -s task_struct.comm,real_parent.pid -H head"));
        Assert.Contains("  0x78\n", _world.Run("list -o task_struct.tasks -s task_struct.prio -x -H head"), StringComparison.Ordinal);
        Assert.Contains(FakeWorld.Hex(Tasks(_world.Worker)), _world.Run("list -H head"), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeWorld.Hex(_head) + "\n", _world.Run("list -H head"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_head_the_first_object_counts_too()
    {
        _world.Ring(Tasks(_world.InitTask), Tasks(_world.Worker));
        string expected = $"OBJECT\n{_world.InitTask:x}\n{_world.Worker:x}\n";
        ulong offset = Tasks(_world.InitTask) - _world.InitTask;
        Assert.EndsWith(expected, _world.Run($"list task_struct.tasks {_world.InitTask:x}"), StringComparison.Ordinal);
        Assert.EndsWith(expected, _world.Run($"list -o {offset} {_world.InitTask:x}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Starts_where_an_expression_says()
    {
        string expected = _world.Run($"list -H {Tasks(_world.Kernel.Symbols.TryFindAddress("init_task", out var idle) ? idle.Value : 0):x}");
        Assert.Equal(expected, _world.Run("list -H init_task.tasks"));
        Assert.Equal(expected, _world.Run("list -H &init_task.tasks"));
        Assert.Equal(expected, _world.Run("list -H init_task.tasks.next->prev"));
        Assert.Throws<CommandException>(() => _world.Run("list -H init_task.mm.pgd"));
    }

    [Fact]
    public void Follows_pointers()
    {
        _world.Set(_world.InitTask, "struct task_struct", "real_parent", _world.Worker);
        _world.Set(_world.Worker, "struct task_struct", "real_parent", 0);
        string expected = $"OBJECT\n{_world.InitTask:x}\n{_world.Worker:x}\n";
        Assert.EndsWith(expected, _world.Run($"list task_struct.real_parent {_world.InitTask:x}"), StringComparison.Ordinal);
        _world.WriteLong(_head, _world.InitTask);
        Assert.EndsWith(expected, _world.Run("list -H task_struct.real_parent head"), StringComparison.Ordinal);
        _world.WriteLong(_head, 0);
        Assert.Equal("OBJECT\n", _world.Run("list -H task_struct.real_parent head"));
    }

    [Fact]
    public void Follows_chains_of_a_hash_table()
    {
        ulong first = _world.New("struct hlist_node");
        ulong second = _world.New("struct hlist_node");
        _world.WriteLong(_head, first);
        _world.WriteLong(first, second);
        string expected = $"OBJECT\n{first:x}\n{second:x}\n";
        Assert.EndsWith(expected, _world.Run($"list hlist_node.next {first:x}"), StringComparison.Ordinal);
        Assert.EndsWith(expected, _world.Run("list -o chained.node -H head"), StringComparison.Ordinal);
        Assert.Contains($"{second:x}  {{node = {{next = 0x0", _world.Run("list -o chained.node -s chained -H head"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_a_list_breaks_off()
    {
        _world.WriteLong(_head, Tasks(_world.InitTask));
        _world.WriteLong(Tasks(_world.InitTask), Tasks(_world.Worker));
        _world.WriteLong(Tasks(_world.Worker), 0x10);
        Assert.Contains("note: the list of objects breaks off: 0x10 is not mapped", _world.Run("list -H head"), StringComparison.Ordinal);
        _world.WriteLong(Tasks(_world.Worker), Tasks(_world.InitTask));
        Assert.Contains("circle", _world.Run("list -H head"), StringComparison.Ordinal);
        Assert.Contains("note: the head cannot be read", _world.Run("list -H -o task_struct.mm 10"), StringComparison.Ordinal);
        Assert.Contains("note: the list of objects breaks off", _world.Run("list -s task_struct 10"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("list -H")]
    [InlineData("list -y head")]
    [InlineData("list -o task_struct head")]
    [InlineData("list -o task_struct.nothing head")]
    [InlineData("list -o task_struct.pid head")]
    [InlineData("list -s task_struct.nothing head")]
    [InlineData("list -s nothing head")]
    [InlineData("list -s . head")]
    [InlineData("list nowhere")]
    [InlineData("list 1 head 2")]
    public void Refuses_what_makes_no_sense(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));

    private ulong Tasks(ulong task) => _world.Place(task, "struct task_struct", "tasks");
}
