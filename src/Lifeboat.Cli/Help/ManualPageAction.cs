using System.CommandLine;
using System.CommandLine.Invocation;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Verbs;

namespace Lifeboat.Cli.Help;

/// <summary>What <c>--help</c> does: prints the manual page of the command it was given to.</summary>
internal sealed class ManualPageAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        ManualPage page = command switch
        {
            Verb verb => verb.Manual,
            LifeboatCommand root => root.Manual,
            _ => new ManualPage { Description = command.Description ?? "" },
        };
        var terminal = Terminal.OfProcess();
        new ManualPageWriter(terminal.Output, terminal.OutputPaint).Write(command, page);
        return 0;
    }
}
