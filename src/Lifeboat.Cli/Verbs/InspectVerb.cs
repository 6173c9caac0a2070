using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Inspect;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat inspect DUMP [log]</c>: says what happened, or prints the whole log.</summary>
internal sealed class InspectVerb : Verb
{
    private const string LogCommand = "log";

    private readonly Argument<string> _dump = new("DUMP")
    {
        Description = "An ELF vmcore or a kdump-compressed file; the format is found by content.",
    };

    private readonly Argument<string?> _command = new("log")
    {
        Description = "Print the whole kernel log instead of the summary.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public InspectVerb()
        : base("inspect", "open a dump and say what happened")
    {
        _command.AcceptOnlyFromAmong(LogCommand);
        CommonOptions.RefuseEmptyPaths(_dump);
        Arguments.Add(_dump);
        Arguments.Add(_command);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Opens a dump of a crashed Linux kernel and says what happened: the kind of crash and the kernel's own message, the
            kernel's release, the task and the CPU, the uptime, and the last lines of the log. Everything comes out of the dump
            itself; no debugging information is needed.

            A damaged or incomplete dump gives what it has, and notes that say what is missing.
            """,
        Examples =
        [
            new("lifeboat inspect vmcore.kdump", "what happened"),
            new("lifeboat inspect vmcore.kdump log", "the whole log, as dmesg would print it"),
            new("lifeboat inspect --json vmcore.kdump", "the same as one JSON document"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "the file is no dump, or too damaged to open")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool json = arguments.GetValue(CommonOptions.Json);
        using DumpSource dump = DumpSource.Open(arguments.GetRequiredValue(_dump));
        if (arguments.GetValue(_command) == LogCommand)
        {
            PrintLog(KernelLog.Read(dump), json, terminal);
        }
        else
        {
            CrashReport report = CrashReport.Create(dump);
            if (json)
            {
                terminal.Output.WriteLine(CrashReportDocument.From(report).ToJson());
            }
            else
            {
                CrashReportText.Write(report, terminal.Output);
            }
        }

        return ExitCode.Success;
    }

    private static void PrintLog(KernelLog log, bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.Output.WriteLine(LogDocument.From(log).ToJson());
            return;
        }

        foreach (LogRecord record in log.Records)
        {
            terminal.Output.WriteLine(record.ToDmesgText());
        }

        foreach (Core.Diagnostics.Diagnostic diagnostic in log.Diagnostics)
        {
            terminal.Note(diagnostic.ToString());
        }
    }
}
