using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat arm</c>: loads a capture kernel into the reserved memory, or shows how it would.</summary>
internal sealed class ArmVerb : Verb
{
    private readonly Argument<string?> _kernel = new("KERNEL")
    {
        Description = "The capture kernel, an x86-64 bzImage. Default: /boot/vmlinuz of the running release.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _ramdisk = new("--ramdisk")
    {
        Description = "The capture kernel's ramdisk, loaded as it is.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _append = new("--append")
    {
        Description = "Added at the end of the command line that is made from the running kernel's.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _commandLine = new("--command-line")
    {
        Description = "The capture kernel's command line, instead of one made from the running kernel's; only elfcorehdr= is added.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Print the plan (segments, memory map, command line, the kernel's rules) and load nothing.",
    };

    private readonly Option<string?> _machine = new("--machine")
    {
        Description = "With --dry-run: plan for the machine that lifeboat describe saved in this file.",
        HelpName = "FILE",
    };

    public ArmVerb()
        : base("arm", "load a capture kernel, so that a panic is captured")
    {
        Arguments.Add(_kernel);
        foreach (Option option in (Option[])[_ramdisk, _append, _commandLine, _dryRun, _machine, CommonOptions.Json])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetResult(_append) is not null && result.GetResult(_commandLine) is not null)
            {
                result.AddError("--append adds to the running kernel's command line, --command-line replaces it: give one of them");
            }

            if (result.GetResult(_machine) is not null && !result.GetValue(_dryRun))
            {
                result.AddError("--machine is another machine, which nothing can be loaded into from here: add --dry-run");
            }
        });
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Loads a kernel and its ramdisk into the memory that crashkernel= has reserved. At a panic the running kernel starts it;
            purgatory, a small program loaded with it, first checks that nothing has changed what was loaded, and resets the
            machine if something has. An image that is loaded already is replaced.

            The command line is the running kernel's without what would hurt in a small memory (crashkernel=, hugepages=, root= and
            the like), with what a capture kernel wants (nr_cpus=1 reset_devices irqpoll nokaslr panic=10 and more; --dry-run shows
            it), and with --append.

            The plan is checked against the kernel's own rules before the call. It needs root; so does --dry-run, as the kernel
            hides physical addresses from others. A dry run prints every rule and what it says of the plan; with --machine it
            plans for another machine, which lifeboat describe has saved there, and needs no root.
            """,
        Examples =
        [
            new("lifeboat arm --ramdisk capture.img", "load the running release's kernel with this ramdisk"),
            new("lifeboat arm --dry-run --ramdisk capture.img", "show what would be loaded where"),
            new("lifeboat arm --dry-run --machine web1.machine vmlinuz --ramdisk capture.img", "show it for another machine"),
            new("lifeboat arm vmlinuz --ramdisk capture.img --append \"console=ttyS0\"", "another kernel, and a serial console"),
        ],
        Files =
        [
            new("/proc/iomem", "the machine's memory and the reservation"),
            new("/sys/kernel/kexec_crash_loaded", "1 once an image is loaded"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the kernel image is unsuitable, or no or too little memory is reserved; the error says which"),
            new((int)ExitCode.KernelRefused, "the running kernel refused the image; after a dry run, that it would"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string? saved = arguments.GetValue(_machine);
        MachineDescription machine = saved is null
            ? MachineDescription.ReadLive()
            : SavedMachine.Open(File.ReadAllBytes(saved), saved).Describe();
        string kernel = arguments.GetValue(_kernel) ?? $"/boot/vmlinuz-{machine.Release}";
        string? ramdisk = arguments.GetValue(_ramdisk);
        bool dryRun = arguments.GetValue(_dryRun);
        LoadPlan plan = CrashLoadPlanner.Plan(new CrashLoadRequest
        {
            Kernel = File.ReadAllBytes(kernel),
            KernelName = kernel,
            Ramdisk = ramdisk is null ? default : File.ReadAllBytes(ramdisk),
            CommandLine = arguments.GetValue(_commandLine)
                ?? CaptureCommandLine.FromRunning(machine.CommandLine, arguments.GetValue(_append)),
            Machine = machine,
            HandOver = new HandOverOptions { RandomSeed = RebootImage.NewSeed() },
        });
        if (ramdisk is null)
        {
            terminal.Note("there is no ramdisk: the capture kernel must find its root filesystem by itself");
        }

        if (!dryRun)
        {
            KexecLoader.Load(plan);
        }

        Print(plan, dryRun, arguments.GetValue(CommonOptions.Json), terminal);
        return dryRun && KexecRuleOutcome.FirstBroken(plan.Rules) is not null ? ExitCode.KernelRefused : ExitCode.Success;
    }

    private static void Print(LoadPlan plan, bool dryRun, bool json, Terminal terminal)
    {
        if (json)
        {
            terminal.Output.WriteLine(LoadPlanReport.ToJson(plan));
            return;
        }

        if (dryRun)
        {
            terminal.Output.Write(LoadPlanReport.ToText(plan));
            return;
        }

        foreach (Diagnostic notice in plan.Notices)
        {
            terminal.Note(notice.ToString());
        }

        terminal.Output.WriteLine(
            $"Armed: a panic starts {plan.KernelName}, loaded into {plan.Reservation.Length} with {plan.Free} free");
    }
}
