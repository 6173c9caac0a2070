using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Inspect;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Kernel;
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

    private readonly Option<string?> _html = new("--html")
    {
        Description = "Write the report, with the stack of every task, as one HTML page that needs nothing else.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _save = new("--save")
    {
        Description = "Write the report into this folder, which is made when it is not there, as report.txt, report.json and report.html, and print nothing.",
        HelpName = "FOLDER",
    };

    private readonly Option<bool> _all = new("--all")
    {
        Description = "Unwind every task in the report, and not only those that ran or were blocked.",
    };

    private readonly Option<bool> _logOnly = new("--log-only")
    {
        Description = "Make the report of the log and the notes alone, without the kernel's symbols and types: it takes a few MB. What a capture does when the whole report fails.",
    };

    private readonly KernelFileOptions _files = new();

    public InspectVerb()
        : base("inspect", "open a dump and say what happened")
    {
        CommonOptions.RefuseEmptyPaths(_words);
        Arguments.Add(_words);
        Options.Add(_html);
        Options.Add(_save);
        Options.Add(_all);
        Options.Add(_logOnly);
        _files.AddTo(this);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Opens a dump of a crashed Linux kernel and says what happened: the kind of crash and its place, the instruction, the
            address that was wrong and what it belongs to, the stack and registers, what the other CPUs did, blocked tasks and
            what they wait for, memory, taint, modules, a name that is the same for the same bug (bug id), and the log around it.
            Everything comes out of the dump itself; no debugging information is needed.

            With a command it shows one thing of the crashed kernel, by the kernel's own symbols and types: log, the whole
            kernel log; bt, stacks; sys, the machine; ps, task and runq, the tasks; mod, the modules; sym, names and addresses;
            struct, p and whatis, types and values; list and tree, what is linked; rd, vtop and ptov, memory; files, mount, net and
            ipcs, what tasks have; dev, irq, timer and mach, the hardware; waitq, who waits. Names and options are those of
            crash; help lists the commands, help COMMAND says how one is called.

            Where the kernel's own table of symbols or its types are not in the dump, a file may stand in: --system-map or
            --vmlinux. Debugging information (DWARF) is not read.

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
            new("lifeboat inspect --vmlinux vmlinux-6.1.0 vmcore.kdump ps", "with symbols and types out of a file"),
            new("lifeboat inspect --json vmcore.kdump", "what happened, as one JSON document"),
            new("lifeboat inspect --html report.html vmcore.kdump", "the same as a page to send to somebody"),
        ],
        ExitCodes = [new((int)ExitCode.BadInput, "the file is no dump, or too damaged to open, or a command finds nothing for want of symbols or types")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool json = arguments.GetValue(CommonOptions.Json);
        InspectRequest request;
        try
        {
            request = InspectRequest.Parse(arguments.GetRequiredValue(_words));
            using DumpSource dump = DumpInput.Open(request.Dump, temporaryFolder: null, cancellation);
            KernelFiles files = arguments.GetValue(_logOnly) ? KernelFiles.LogOnly : _files.Read(arguments, dump);
            var session = new InspectSession(dump, files);
            var output = new InspectOutput(terminal.Output, terminal, json);
            bool isMissing = false;
            foreach (IReadOnlyList<string> command in request.Commands)
            {
                isMissing |= !output.Run(command, session);
            }

            if (request.Commands.Count == 0)
            {
                string? page = arguments.GetValue(_html);
                string? folder = arguments.GetValue(_save);
                bool everyTask = page is not null || folder is not null || arguments.GetValue(_all);
                CrashReport report = CrashReport.Create(dump, files: files, everyTask: everyTask);
                if (page is not null)
                {
                    WritePage(report, page);
                }

                if (folder is not null)
                {
                    Save(report, folder);
                }

                if (page is null && folder is null)
                {
                    PrintReport(report, json, terminal);
                }
            }

            return isMissing ? ExitCode.BadInput : ExitCode.Success;
        }
        catch (CommandException exception)
        {
            terminal.Error(exception.Message);
            return ExitCode.Usage;
        }
    }

    private static void WritePage(CrashReport report, string path)
    {
        using var page = new StreamWriter(path);
        CrashReportHtml.Write(report, page);
    }

    // The text first: it is what somebody reads when no more than that could be written.
    private static void Save(CrashReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        using (var text = new StreamWriter(Path.Combine(folder, "report.txt")))
        {
            CrashReportText.Write(report, text);
        }

        File.WriteAllText(Path.Combine(folder, "report.json"), CrashReportDocument.From(report).ToJson() + "\n");
        WritePage(report, Path.Combine(folder, "report.html"));
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
