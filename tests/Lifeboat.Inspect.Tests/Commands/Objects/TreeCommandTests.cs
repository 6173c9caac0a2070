using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Objects;

public sealed class TreeCommandTests
{
    private const string Task = "struct task_struct";

    private readonly FakeWorld _world = new();

    [Fact]
    public void Shows_a_red_black_tree_in_its_order()
    {
        ulong root = _world.New("struct rb_root", "root");
        _world.WriteLong(root, Node(_world.Worker));
        _world.Set(_world.Worker, Task, "se.run_node.rb_left", Node(_world.InitTask));
        _world.Set(_world.InitTask, Task, "se.run_node.__rb_parent_color", Node(_world.Worker));
        string text = _world.Run("tree -o task_struct.se.run_node -s task_struct.pid root");
        Assert.EndsWith($"{_world.InitTask:x}  1\n{_world.Worker:x}  7\n", text, StringComparison.Ordinal);
        Assert.EndsWith($"OBJECT\n{Node(_world.InitTask):x}\n{Node(_world.Worker):x}\n", _world.Run("tree -t rb root"), StringComparison.Ordinal);
        Assert.Contains("  0x78\n", _world.Run("tree -x -o task_struct.se.run_node -s task_struct.prio root"), StringComparison.Ordinal);
        ulong offset = Node(_world.Worker) - _world.Worker;
        Assert.Contains($"{_world.Worker:x}\n", _world.Run($"tree -o {offset} -r 0x8 {root - 8:x}"), StringComparison.Ordinal);
        ulong holder = _world.New("struct cfs_rq");
        _world.Set(holder, "struct cfs_rq", "tasks_timeline.rb_root.rb_node", Node(_world.InitTask));
        _world.Set(_world.InitTask, Task, "se.run_node.__rb_parent_color", 0);
        Assert.EndsWith(
            $"OBJECT\n{Node(_world.InitTask):x}\n", _world.Run($"tree -r cfs_rq.tasks_timeline {holder:x}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_xarrays_and_radix_trees()
    {
        ulong array = _world.New("struct xarray", "array");
        ulong node = _world.New("struct xa_node");
        _world.Set(array, "struct xarray", "xa_head", node + 2);
        _world.WriteLong(_world.Place(node, "struct xa_node", "slots") + (8 * 17), _world.Worker);
        foreach (string kind in (string[])["xarray", "x", "radix", "ra"])
        {
            Assert.EndsWith(
                $"   11  {_world.Worker:x}  7\n", _world.Run($"tree -t {kind} -s task_struct.pid array"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Shows_maple_trees()
    {
        ulong tree = _world.New("struct maple_tree", "tree");
        _world.Set(tree, "struct maple_tree", "ma_root", _world.Worker);
        Assert.EndsWith($"    0     0  {_world.Worker:x}\n", _world.Run("tree -t maple tree"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_a_tree_breaks_off()
    {
        ulong root = _world.New("struct rb_root", "root");
        _world.WriteLong(root, 0x10);
        Assert.Contains("note: the list of objects breaks off", _world.Run("tree root"), StringComparison.Ordinal);
        Assert.Contains("note: the list of objects breaks off", _world.Run("tree -t xarray 10"), StringComparison.Ordinal);
        _world.WriteLong(root, Node(_world.Worker));
        _world.Set(_world.Worker, Task, "se.run_node.rb_left", Node(_world.Worker));
        Assert.Contains("note: the list of objects breaks off", _world.Run("tree root"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tree")]
    [InlineData("tree -t")]
    [InlineData("tree -t oak jiffies")]
    [InlineData("tree -y jiffies")]
    [InlineData("tree -t xarray -o 8 jiffies")]
    [InlineData("tree -o task_struct.pid jiffies")]
    [InlineData("tree jiffies jiffies")]
    [InlineData("tree nowhere")]
    public void Refuses_what_makes_no_sense(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));

    private ulong Node(ulong task) => _world.Place(task, Task, "se.run_node");
}
