using Lifeboat.Cli.Verbs;
using Lifeboat.Inspect.Commands;

namespace Lifeboat.Cli.Tests.Verbs;

public sealed class InspectRequestTests
{
    [Theory]
    [InlineData("vmcore", "vmcore", "")]
    [InlineData("ps", "ps", "")]
    [InlineData("vmcore ps", "vmcore", "ps")]
    [InlineData("vmcore.1 vmcore.2 ps -u init", "vmcore.1 vmcore.2", "ps -u init")]
    [InlineData("vmcore sym -q ps", "vmcore", "sym -q ps")]
    [InlineData("vmcore log", "vmcore", "log")]
    [InlineData("vmcore struct list_head init_task", "vmcore", "struct list_head init_task")]
    public void The_first_word_that_is_a_command_ends_the_dump(string words, string dump, string command)
    {
        var request = InspectRequest.Parse(words.Split(' '));
        Assert.Equal(dump, string.Join(' ', request.Dump));
        Assert.Equal(command, string.Join("; ", request.Commands.Select(static c => string.Join(' ', c))));
    }

    [Theory]
    [InlineData("ps; mod -t", "ps|mod -t")]
    [InlineData("  ps  -S ;; log;", "ps -S|log")]
    public void Several_commands_are_parted_by_semicolons(string text, string commands)
    {
        var request = InspectRequest.Parse(["vmcore", "-c", text]);
        Assert.Equal(commands, string.Join('|', request.Commands.Select(static c => string.Join(' ', c))));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ; ")]
    [InlineData("ps; sp")]
    public void What_is_no_command_is_told(string text) =>
        Assert.Throws<CommandException>(() => InspectRequest.Parse(["vmcore", "-c", text]));
}
