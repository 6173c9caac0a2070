using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Tasks;

public sealed class SetCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Shows_the_task_that_crashed_until_another_one_is_chosen()
    {
        Assert.Contains("COMM: init", _world.Run("set"), StringComparison.Ordinal);
        Assert.Contains("COMM: worker", _world.Run("set 7"), StringComparison.Ordinal);
        Assert.Contains("COMM: worker", _world.Run("set"), StringComparison.Ordinal);
        Assert.Contains("\"worker\"", _world.Run("task -R comm"), StringComparison.Ordinal);
        Assert.Contains("COMM: swapper/0", _world.Run("set -c 0"), StringComparison.Ordinal);
        Assert.Contains("COMM: clock", _world.Run("set clock"), StringComparison.Ordinal);
        Assert.Contains("COMM: init", _world.Run("set -p"), StringComparison.Ordinal);
        Assert.Null(_world.Session.Chosen);
    }

    [Theory]
    [InlineData("set 99")]
    [InlineData("set -c 9")]
    [InlineData("set -c x")]
    [InlineData("set -x")]
    [InlineData("set 1 2")]
    public void Refuses_what_makes_no_sense_and_keeps_the_choice(string command)
    {
        _ = _world.Run("set 7");
        Assert.Throws<CommandException>(() => _world.Run(command));
        Assert.Contains("COMM: worker", _world.Run("set"), StringComparison.Ordinal);
    }
}
