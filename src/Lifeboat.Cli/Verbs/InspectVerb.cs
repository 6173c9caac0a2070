using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Inspect;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat inspect DUMP [COMMAND]</c>: says what happened, or shows one thing of the crashed kernel.</summary>
internal sealed class InspectVerb : Verb
{
    // One argument: the parser gives every word to the first that takes several.
    private readonly Argument<string[]> _words = new("DUMP... [COMMAND [ARGUMENT...]]")
    {
        Description = "A dump, all parts of a split one in any order, /proc/kcore, or - for standard input; the format is found by content. Then a command, with what it takes, or -c and commands separated by semicolons. (A dump of a command's name is ./NAME, or stands first.)",
        Arity = ArgumentArity.OneOrMore,
    };

    public InspectVerb()
        : base("inspect", "open a dump and say what happened")
    {
        CommonOptions.RefuseEmptyPaths(_words);
        Arguments.Add(_words);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Opens a dump of a crashed Linux kernel and says what happened: the kind of crash and the kernel's own message, the
            kernel's release, the task and the CPU, what each CPU was doing, a name that is the same for the same bug (bug id),
            the uptime, and the last lines of the log. Everything comes out of the dump itself; no debugging information is
            needed.

            With a command it shows one thing of the crashed kernel, by the kernel's own symbols and types: log, the whole
            kernel log; bt, stacks; sys, the machine; ps, task and runq, the tasks; mod, the modules; sym, names and addresses;
            struct, p and whatis, types and values; list and tree, what is linked; rd, vtop and ptov, memory. Names and options
            are those of crash; help lists the commands, help COMMAND says how one is called.

            A damaged or incomplete dump gives what it has, and notes that say what is missing; in a table, memory that the
            dump does not have is <excluded>.

            """ + DumpInput.Description,
        Examples =
        [
            new("lifeboat inspect vmcore.kdump", "what happened"),
            new("lifeboat inspect vmcore.kdump log", "the whole log, as dmesg would print it"),
            new("lifeboat inspect vmcore.kdump bt -a", "the stack of what ran on each CPU"),
            new("lifeboat inspect vmcore.kdump ps -u", "the processes"),
            new("lifeboat inspect vmcore.kdump struct task_struct.comm init_task", "a member of an object"),
            new("lifeboat inspect vmcore.kdump p runqueues:a.curr.comm", "what ran on each CPU"),
            new("lifeboat inspect vmcore.kdump -c \"ps -S; mod -t\"", "several commands"),
            new("lifeboat inspect --json vmcore.kdump", "what happened, as one JSON document"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "the file is no dump, or too damaged to open")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool json = arguments.GetValue(CommonOptions.Json);
        InspectRequest request;
        try
        {
            request = InspectRequest.Parse(arguments.GetRequiredValue(_words));
            using DumpSource dump = DumpInput.Open(request.Dump, temporaryFolder: null, cancellation);
            var session = new InspectSession(dump);
            var output = new InspectOutput(terminal.Output, terminal, json);
            foreach (IReadOnlyList<string> command in request.Commands)
            {
                output.Run(command, session);
            }

            if (request.Commands.Count == 0)
            {
                PrintReport(CrashReport.Create(dump), json, terminal);
            }

            return ExitCode.Success;
        }
        catch (CommandException exception)
        {
            terminal.Error(exception.Message);
            return ExitCode.Usage;
        }
    }

    private static void PrintReport(CrashReport report, bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.Output.WriteLine(CrashReportDocument.From(report).ToJson());
        }
        else
        {
            CrashReportText.Write(report, terminal.Output);
        }
    }
}
