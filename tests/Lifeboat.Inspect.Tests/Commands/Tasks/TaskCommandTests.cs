using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Tasks;

public sealed class TaskCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Shows_the_task_that_crashed()
    {
        string text = _world.Run("task");
        Assert.Matches("comm +char \\[16\\] +\"init\"", text);
        Assert.Matches("prio +int +120", text);
    }

    [Fact]
    public void Shows_members_of_tasks_by_number_and_address()
    {
        string byNumber = _world.Run("task -R comm,se.vruntime 7");
        Assert.Contains("\"worker\"", byNumber, StringComparison.Ordinal);
        Assert.Equal(3, byNumber.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(byNumber, _world.Run($"task 0x{_world.Worker:x} -R comm,se.vruntime"));
        Assert.Contains("0x78", _world.Run("task -x -R prio 7"), StringComparison.Ordinal);
        Assert.Contains("note: there is no task 99", _world.Run("task 99"), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_left_out_stands_in_its_place()
    {
        _world.Set(_world.InitTask, "struct task_struct", "real_parent", 0x10);
        Assert.Contains("<excluded>", _world.Run("task 1 -R real_parent.comm"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("task -y")]
    [InlineData("task -R")]
    [InlineData("task -R nothing")]
    public void Refuses_what_makes_no_sense(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));
}
