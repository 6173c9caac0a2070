using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Shell;
using Lifeboat.Inspect.Commands;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat shell DUMP</c>: the commands of inspect, one after the other.</summary>
internal sealed class ShellVerb : Verb
{
    private readonly Argument<string[]> _dumps = new("DUMP...")
    {
        Description = "A dump, all parts of a split one in any order, or /proc/kcore; the format is found by content.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _noPager = new("--no-pager")
    {
        Description = "Do not stop after each screen.",
    };

    private readonly KernelFileOptions _files = new();

    public ShellVerb()
        : base("shell", "look at a dump, command by command")
    {
        CommonOptions.RefuseEmptyPaths(_dumps);
        Arguments.Add(_dumps);
        Options.Add(_noPager);
        _files.AddTo(this);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Opens a dump once and takes commands, those of lifeboat inspect: help lists them, help COMMAND says how one is called.
            set chooses the task that the others look at. quit, exit, q or Ctrl-D ends it; Ctrl-C ends a command that takes too
            long, and not the shell.

            COMMAND | PROGRAM gives what a command shows to a program, COMMAND > FILE and >> FILE to a file; both are for /bin/sh.
            ! PROGRAM runs one. Semicolons part commands, # begins a comment, "" and '' keep blanks together.

            Arrows, Home, End, Ctrl-A, Ctrl-E, Ctrl-K, Ctrl-U, Ctrl-W and Ctrl-Y edit the line; arrows up and down bring earlier
            lines back, Ctrl-R searches them. Tab completes commands, symbols, types and members. What is longer than the screen
            stops after each: a blank goes on, q ends it; when PAGER is set, that program shows it instead.

            When standard input is no terminal, commands are read from it and nothing is asked; the exit status is that of the last
            one.
            """,
        Examples =
        [
            new("lifeboat shell vmcore.kdump", "look around"),
            new("lifeboat shell vmcore.kdump < commands", "run the commands of a file"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "the file is no dump, or too damaged to open")],
        Files = [new("$XDG_STATE_HOME/lifeboat/history", "the lines entered; in ~/.local/state when that is not set")],
    };

    /// <summary>Ctrl-C is for its commands.</summary>
    public override bool EndsOnSignals => false;

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        using DumpSource dump = DumpSource.Open(arguments.GetRequiredValue(_dumps));
        using var shell = new InspectShell(
            new InspectSession(dump, _files.Read(arguments, dump)), terminal, arguments.GetValue(CommonOptions.Json), !arguments.GetValue(_noPager));
        return shell.Run();
    }
}
