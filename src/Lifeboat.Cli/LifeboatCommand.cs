using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Verbs;

namespace Lifeboat.Cli;

/// <summary>The program's command line: all verbs, help and version.</summary>
internal sealed class LifeboatCommand : RootCommand
{
    public LifeboatCommand()
        : base("keeps a Linux machine's last moments: load a capture kernel, save the memory, explain the crash, rehearse it")
    {
        foreach (Verb verb in AllVerbs())
        {
            Subcommands.Add(verb);
        }

        Options.Remove(Options.OfType<HelpOption>().Single());
        Options.Add(new HelpOption("--help", "-h")
        {
            Description = "Show this page; after a command, that command's page.",
            Action = new ManualPageAction(),
        });
    }

    /// <summary>The program's name, whatever its file is called: /init in a ramdisk.</summary>
    public const string ProgramName = "lifeboat";

    /// <summary>The program's version, as it goes into manifests.</summary>
    public static string Version { get; } = typeof(LifeboatCommand).Assembly.GetName().Version?.ToString(3) ?? "0";

    public ManualPage Manual { get; } = new()
    {
        Description =
            """
            Before a crash, arm loads a second kernel into memory reserved with crashkernel=. At a panic that kernel takes
            over without the firmware, and capture, running as its only process, saves the first kernel's memory. Afterwards
            inspect opens what was saved and explains it. Because nobody should learn at the crash that this did not work,
            drill rehearses all of it on a real kernel in a virtual machine.

            Results go to standard output, everything else to standard error. Every command with something to report takes --json
            for machines, and each has a page of its own: --help.

            Called kexec, makedumpfile or vmcore-dmesg, through a link (ln -s lifeboat makedumpfile), the program does as that one
            does; see kexec -h, makedumpfile -h and vmcore-dmesg -h. lifeboat --as NAME is the same without a link.
            """,
        Examples =
        [
            new("lifeboat status", "say whether a panic now would be captured"),
            new("lifeboat drill", "rehearse a crash of this machine's kernel in a virtual machine"),
            new("lifeboat inspect vmcore.kdump", "say what happened in a dump"),
        ],
    };

    /// <summary>Runs a command line.</summary>
    public static int Run(string[] arguments)
    {
        ParseResult parsed = new LifeboatCommand().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return (int)TellErrors(parsed);
        }

        bool ends = parsed.CommandResult.Command is not Verb { EndsOnSignals: false };
        return parsed.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = ends ? TimeSpan.FromSeconds(30) : null });
    }

    // The parser's own way prints a page of help to standard output, where only results belong.
    private static ExitCode TellErrors(ParseResult parsed)
    {
        var terminal = Terminal.OfProcess();
        foreach (ParseError error in parsed.Errors)
        {
            terminal.Error(error.Message);
        }

        terminal.Note($"see {ManualPageWriter.PathOf(parsed.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static IEnumerable<Verb> AllVerbs() =>
    [
        new ArmVerb(),
        new BootVerb(),
        new CaptureVerb(),
        new ConfigVerb(),
        new CrashKernelVerb(),
        new DecodeConsoleVerb(),
        new DescribeVerb(),
        new DisarmVerb(),
        new DrillVerb(),
        new EstimateVerb(),
        new FetchRawVerb(),
        new FilterVerb(),
        new InfoVerb(),
        new InspectVerb(),
        new JoinVerb(),
        new RamdiskVerb(),
        new ReceiveVerb(),
        new SealVerb(),
        new ShellVerb(),
        new StatusVerb(),
        new UnsealVerb(),
        new VerifyVerb(),
    ];
}
