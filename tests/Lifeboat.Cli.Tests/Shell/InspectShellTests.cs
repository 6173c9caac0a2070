using Lifeboat.Cli.Shell;
using Lifeboat.Cli.Shell.Editing;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.Inspect.Commands;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Tests.Shell;

/// <summary>The shell as a program: with commands from a file, and on a terminal.</summary>
public sealed class InspectShellTests : IDisposable
{
    private const string Prompt = "lifeboat> ";
    private readonly TemporaryFolder _folder = new();
    private readonly string _program;

    public InspectShellTests() => _program = ProgramLink.Create(_folder.Path, "lifeboat");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commands_come_from_standard_input_and_mistakes_do_not_end_it()
    {
        string dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));
        ToolRun run = Run(dump, "log -t | head -n 1\nnothing\n\n# nothing\nlog -t > tail\n!cat tail | tail -n 1\nquit\nlog\n");
        Assert.Equal(0, run.Code);
        Assert.Equal(["Linux version 6.1.0-fake (nobody@nowhere)", "RIP: 0010:sysrq_handle_crash+0x16/0x20", ""], run.Output.Split('\n'));
        Assert.Equal("lifeboat: there is no command nothing: help lists them", run.Error.TrimEnd());
    }

    [Fact]
    public void The_exit_code_is_that_of_the_last_command()
    {
        string dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));
        Assert.Equal(2, Run(dump, "log -t | wc -l\nlog -y\n").Code);
        Assert.Equal(4, Run(dump, "ps\n").Code);
        Assert.Equal(2, Run(dump, "| wc\n").Code);
        Assert.Equal(0, Run(dump, "").Code);
    }

    [Fact]
    public void The_choice_of_a_task_stands_for_the_commands_behind_it()
    {
        ToolRun run = Run(RealDump.Require(), "set 2\ntask -R comm | tail -n 1\nset -p\ntask -R comm | tail -n 1\n");
        Assert.Equal(0, run.Code);
        Assert.Contains("\"kthreadd\"", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\"init\"\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_lines_are_edited_completed_and_remembered()
    {
        using PseudoTerminal terminal = Open("");
        _ = terminal.WaitFor(Prompt);
        terminal.Send("hel\tsx\u007fet\u0001\u0005\r");
        _ = terminal.WaitFor("set [PID");
        _ = terminal.WaitFor(Prompt);
        terminal.Send("p init_task.static_p\t\r");
        _ = terminal.WaitFor("120");
        _ = terminal.WaitFor(Prompt);
        terminal.Send("lost\u0003");
        _ = terminal.WaitFor("^C");
        terminal.Send("\e[A\e[A\r");
        _ = terminal.WaitFor("set [PID");
        _ = terminal.WaitFor(Prompt);
        terminal.Send("\u0004");
        Assert.Equal(0, terminal.End());
        Assert.Equal(["help set", "p init_task.static_prio", "help set"], File.ReadAllLines(_folder.Combine("lifeboat-state/lifeboat/history")));
    }

    [Fact]
    public void Ctrl_C_ends_a_command_and_not_the_shell()
    {
        using PseudoTerminal terminal = Open("--no-pager");
        _ = terminal.WaitFor(Prompt);

        // The first one says that the others, which would take long, have begun.
        terminal.Send("sys; " + string.Concat(Enumerable.Repeat("rd _stext 1000000; ", 20)) + "\r");
        _ = terminal.WaitFor("COMMAND LINE:");
        terminal.Send("\u0003");
        _ = terminal.WaitFor("interrupted");
        _ = terminal.WaitFor(Prompt);
        terminal.Send("set\r");
        _ = terminal.WaitFor("COMM: init");
        terminal.Send("exit\r");
        Assert.Equal(0, terminal.End());
    }

    [Fact]
    public void What_is_longer_than_the_screen_stops_after_each()
    {
        using PseudoTerminal terminal = Open("", "stty rows 5 cols 80; ");
        _ = terminal.WaitFor(Prompt);
        terminal.Send("help\r");
        Assert.Equal(4, terminal.WaitFor("--More--").Split('\n').Length - 2);
        terminal.Send(" ");
        Assert.Equal(4, terminal.WaitFor("--More--").Split('\n').Length - 1);
        terminal.Send("q");
        _ = terminal.WaitFor(Prompt);
        terminal.Send("q\r");
        Assert.Equal(0, terminal.End());
    }

    [Theory]
    [InlineData("run", "run", "runq")]
    [InlineData("help runq", "runq", "runq")]
    [InlineData("sys; whati", "whati", "whatis")]
    [InlineData("sym sysrq_handle_cras", "sysrq_handle_cras", "sysrq_handle_crash")]
    [InlineData("sym -m crc32c_in", "crc32c_in", "crc32c_intel")]
    [InlineData("dis ext4_sync_f", "ext4_sync_f", "ext4_sync_file,ext4_sync_file.cold,ext4_sync_fs")]
    [InlineData("struct task_struc", "task_struc", "task_struct")]
    [InlineData("struct task_struct.journal", "journal", "journal_info")]
    [InlineData("struct task_struct.mm.pg", "pg", "pgd,pgtables_bytes")]
    [InlineData("p init_task.signal.rli", "rli", "rlim")]
    [InlineData("p runqueues:a.curr.com", "com", "comm,compat_robust_list")]
    [InlineData("p ((struct task_struc", "task_struc", "task_struct")]
    [InlineData("struct ext4_sb_inf", "ext4_sb_inf", "ext4_sb_info")]
    [InlineData("struct ext4_sb_info.s_mount_opt", "s_mount_opt", "s_mount_opt,s_mount_opt2")]
    [InlineData("p nothing.x", "x", "")]
    [InlineData("ps ini", "ini", "")]
    [InlineData("nothing", "nothing", "")]
    public void Tab_knows_commands_symbols_types_and_members(string text, string typed, string candidates)
    {
        using var dump = DumpSource.Open(RealDump.Require());
        Completion found = new ShellCompleter(new InspectSession(dump)).Complete(text);
        Assert.Equal((typed, candidates), (found.Typed, string.Join(',', found.Candidates)));
    }

    private ToolRun Run(string dump, string commands)
    {
        string script = _folder.Write("commands", commands);
        return ToolRun.OfShell(_folder.Path, $"NO_COLOR=1 {_program} shell {dump} < {script}");
    }

    // What runs in the background of a script is born with Ctrl-C ignored, and so are its children.
    private PseudoTerminal Open(string options, string before = "") => new(
        $"{before}exec env --default-signal=INT NO_COLOR=1 {_program} shell {options} {RealDump.Require()}", _folder.Combine("lifeboat-state"));
}
