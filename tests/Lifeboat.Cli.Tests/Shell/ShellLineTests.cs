using Lifeboat.Cli.Shell;
using Lifeboat.Inspect.Commands;

namespace Lifeboat.Cli.Tests.Shell;

public sealed class ShellLineTests
{
    [Theory]
    [InlineData("ps -u  init", "ps,-u,init", "")]
    [InlineData("ps | grep x", "ps", "| grep x")]
    [InlineData("ps|grep x > y", "ps", "|grep x > y")]
    [InlineData("log -T >> file", "log,-T", ">> file")]
    [InlineData("p init_task->mm", "p,init_task->mm", "")]
    [InlineData("p \"((struct task_struct *)ff11)->mm | x\"", "p,((struct task_struct *)ff11)->mm | x", "")]
    [InlineData("rd 'a;b' \"\"", "rd,a;b,", "")]
    [InlineData(" ps ;; bt -a; ", "ps+bt,-a", "")]
    [InlineData("ps # all of them", "ps", "")]
    [InlineData("# nothing", "", "")]
    [InlineData("sym a#b", "sym,a#b", "")]
    [InlineData("| less", "", "| less")]
    public void A_line_is_commands_and_where_they_go(string text, string commands, string tail)
    {
        var line = ShellLine.Parse(text);
        Assert.Equal((commands, tail), (string.Join('+', line.Commands.Select(words => string.Join(',', words))), line.Tail));
    }

    [Theory]
    [InlineData("p \"x")]
    [InlineData("p 'x | y")]
    public void A_quote_that_is_not_closed_is_told(string text) => Assert.Throws<CommandException>(() => ShellLine.Parse(text));
}
