using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat arm</c>: loads a capture kernel into the reserved memory, or shows how it would.</summary>
internal sealed class ArmVerb : Verb
{
    private readonly Argument<string?> _kernel = new("KERNEL")
    {
        Description = "The capture kernel. Default: /boot/vmlinuz of the running release.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _ramdisk = new("--ramdisk")
    {
        Description = "The capture kernel's ramdisk, loaded as it is; may be given several times, each is unpacked over those before it.",
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

    private readonly Option<string> _call = LoadOptions.Call();

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Print the plan (segments, memory map, command line, the kernel's rules) and load nothing.",
    };

    private readonly Option<string?> _machine = new("--machine")
    {
        Description = "With --dry-run: plan for the machine that lifeboat describe saved in this file.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _refresh = new("--refresh")
    {
        Description = "Load once more what is loaded, if CPUs or memory have come or gone since and the kernel does not keep up by itself; "
            + "otherwise do nothing.",
    };

    public ArmVerb()
        : base("arm", "load a capture kernel, so that a panic is captured")
    {
        Arguments.Add(_kernel);
        foreach (Option option in (Option[])[_ramdisk, _append, _commandLine, _call, _dryRun, _machine, _refresh, CommonOptions.Json])
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

            if (result.GetResult(_refresh) is not null
                && (result.GetValue(_kernel) is not null || result.GetResult(_ramdisk) is not null || result.GetResult(_dryRun) is not null
                    || result.GetResult(_append) is not null || result.GetResult(_commandLine) is not null))
            {
                result.AddError("--refresh loads what is loaded already: it goes with no other option");
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
            it), and with --append. nr_cpus= there is how many CPUs pack the dump; each takes some memory of the reservation.

            The kernel has two calls for it. kexec_load takes segments that are planned here, and the plan is checked against the
            kernel's own rules before; it is preferred. kexec_file_load takes the files and plans by itself, with a silent purgatory of
            its own; it is taken under lockdown (there the image must be signed), with crash memory in CMA, and where the kernel has no
            kexec_load.

            Since Linux 6.6 the kernel itself rewrites the list of memory and CPUs when some come or go. For kernels before that a udev
            rule (udev/98-lifeboat.rules) calls arm --refresh, once for many events.

            It needs root; so does --dry-run, as the kernel hides physical addresses from others. A dry run prints every rule and
            what it says of the plan; with --machine it plans for another machine, which lifeboat describe has saved there, and
            needs no root.
            """,
        Examples =
        [
            new("lifeboat arm --ramdisk capture.img", "load the running release's kernel with this ramdisk"),
            new("lifeboat arm --dry-run --ramdisk capture.img", "show what would be loaded where"),
            new("lifeboat arm --dry-run --machine web1.machine vmlinuz --ramdisk capture.img", "show it for another machine"),
            new("lifeboat arm vmlinuz --ramdisk capture.img --append \"console=ttyS0\"", "another kernel, and a serial console"),
            new("lifeboat arm --ramdisk capture.img --append nr_cpus=4", "four CPUs in the capture kernel"),
            new("lifeboat arm --call kexec_file_load --ramdisk capture.img", "let the kernel check the signature and plan"),
            new("lifeboat arm --refresh", "after memory was added, on a kernel before 6.6"),
        ],
        Files =
        [
            new("/proc/iomem", "the machine's memory and the reservation"),
            new("/sys/kernel/kexec_crash_loaded", "1 once an image is loaded; in newer kernels /sys/kernel/kexec/crash_loaded"),
            new(ArmedImage.DefaultPath, "what was loaded, for --refresh"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the kernel image is unsuitable, or no or too little memory is reserved; the error says which"),
            new((int)ExitCode.KernelRefused, "the running kernel refused the image; after a dry run, that it would"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool json = arguments.GetValue(CommonOptions.Json);
        if (arguments.GetValue(_refresh))
        {
            using IDisposable held = ArmedImage.Lock();
            terminal.Output.WriteLine(CrashArming.Refresh());
            return ExitCode.Success;
        }

        SavedMachine? saved = arguments.GetValue(_machine) is { } path ? SavedMachine.Open(File.ReadAllBytes(path), path) : null;
        MachineDescription machine = saved?.Describe() ?? MachineDescription.ReadLive();
        var arming = CrashArming.Prepare(
            machine,
            saved?.Status() ?? KexecStatus.Read(),
            arguments.GetValue(_kernel) ?? $"/boot/vmlinuz-{machine.Release}",
            arguments.GetValue(_ramdisk) ?? [],
            arguments.GetValue(_commandLine),
            arguments.GetValue(_append),
            KexecCallNames.Parse(arguments.GetRequiredValue(_call)));
        if (!arming.HasRamdisk)
        {
            terminal.Note("there is no ramdisk: the capture kernel must find its root filesystem by itself");
        }

        if (arguments.GetValue(_dryRun))
        {
            terminal.Output.Write(json ? arming.ToJson() + '\n' : arming.ToText());
            return arming.IsRefused ? ExitCode.KernelRefused : ExitCode.Success;
        }

        using (ArmedImage.Lock())
        {
            arming.Load(terminal);
        }

        arming.PrintLoaded(json, terminal);
        return ExitCode.Success;
    }
}
