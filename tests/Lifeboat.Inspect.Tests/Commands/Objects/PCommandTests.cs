using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Objects;

public sealed class PCommandTests
{
    private readonly FakeWorld _world = new();

    [Theory]
    [InlineData("p jiffies", "long unsigned int  305419896")]
    [InlineData("p -x jiffies", "long unsigned int  0x12345678")]
    [InlineData("p ( struct task_struct * ) 10", "struct task_struct *  0x")]
    [InlineData("p saved_command_line", "\"root=/dev/vda quiet\"")]
    [InlineData("p init_task", "comm         \"swapper/0\"")]
    [InlineData("p runqueues:1.nr_running", "  1  ")]
    [InlineData("p runqueues:1->nr_running", "unsigned int  2")]
    [InlineData("p runqueues:1", "MEMBER")]
    [InlineData("p init_task.second", "0")]
    public void Shows_the_value_of_an_expression(string command, string expected) =>
        Assert.Contains(expected, _world.Run(command), StringComparison.Ordinal);

    [Theory]
    [InlineData("p runqueues:a.curr->comm")]
    [InlineData("p runqueues:0,1.curr->comm")]
    [InlineData("p runqueues:0-1->curr->comm")]
    public void Shows_a_per_cpu_variable_of_several_CPUs(string command)
    {
        string[] lines = _world.Run(command).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.EndsWith("\"swapper/0\"", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("\"init\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_left_out_stands_in_its_place()
    {
        _ = _world.Kernel;
        _world.Exclude(_world.Worker);
        Assert.Contains("<excluded>", _world.Run($"p ((struct task_struct *){_world.Worker:x})->comm"), StringComparison.Ordinal);
        Assert.Contains("<excluded>", _world.Run($"p *(struct task_struct *){_world.Worker:x}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p -y jiffies")]
    [InlineData("p -x")]
    [InlineData("p runqueues")]
    [InlineData("p runqueues:")]
    [InlineData("p runqueues:7")]
    [InlineData("p runqueues:x")]
    [InlineData("p runqueues:1-0-1")]
    [InlineData("p __start_BTF")]
    public void Refuses_what_makes_no_sense(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));
}
