using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands;

public sealed class HelpCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Lists_every_command_by_name()
    {
        string text = _world.Run("help");
        Assert.All(InspectCommands.All, command => Assert.Contains($"\n{command.Name} ", text, StringComparison.Ordinal));
        string[] names = [.. InspectCommands.All.Select(command => command.Name)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void Says_how_each_command_is_called()
    {
        foreach (InspectCommand command in InspectCommands.All)
        {
            Assert.StartsWith(command.Name, _world.Run($"help {command.Name}"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("help nothing")]
    [InlineData("help ps mod")]
    public void Refuses_what_is_no_command(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));
}
