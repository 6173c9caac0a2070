using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Entries;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat boot</c>: starts another kernel without the firmware.</summary>
internal sealed class BootVerb : Verb
{
    private readonly Argument<string?> _kernel = new("KERNEL")
    {
        Description = "The kernel to start. Without it --now starts what is loaded.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _ramdisks = new("--initrd", "--ramdisk")
    {
        Description = "A ramdisk; may be given several times, and they are joined. Default: the one that comes with the kernel (UKI).",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _modules = new("--module")
    {
        Description = "What a Multiboot kernel is given: a file, and after a space the module's command line; may be given several times.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _append = new("--append")
    {
        Description = "Added at the end of the command line.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _commandLine = new("--command-line")
    {
        Description = "The kernel's command line. Default: the one that comes with the kernel (UKI), or else the running kernel's.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _reuse = new("--reuse-cmdline")
    {
        Description = "Use the running kernel's command line even when one comes with the kernel.",
    };

    private readonly Option<bool> _entry32 = new("--entry-32bit")
    {
        Description = "Start a bzImage at its 32-bit entry, as boot loaders of 32 bits do.",
    };

    private readonly Option<bool> _noEfi = new("--noefi")
    {
        Description = "Do not hand on EFI's runtime services.",
    };

    private readonly Option<string> _call = LoadOptions.Call();

    private readonly Option<bool> _now = new("--now")
    {
        Description = "Write what is in memory to disks and start the kernel at once; processes are not asked to end.",
    };

    private readonly Option<bool> _loadOnly = new("--load-only") { Description = "Load the kernel and leave the machine running." };

    private readonly Option<bool> _unload = new("--unload") { Description = "Unload what was loaded to be started." };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Print the plan (segments, memory map, command line, the kernel's rules) and load nothing.",
    };

    private readonly Option<bool> _same = new("--same")
    {
        Description = "Start the installed kernel that the boot loader would start next, with its ramdisks and command line.",
    };

    private readonly Option<bool> _list = new("--list")
    {
        Description = "Show the boot loader's entries and which one it would start next, and do nothing.",
    };

    public BootVerb()
        : base("boot", "reboot into a kernel without the firmware")
    {
        Arguments.Add(_kernel);
        foreach (Option option in (Option[])
            [_same, _list, _ramdisks, _modules, _append, _commandLine, _reuse, _entry32, _noEfi, _call, _now, _loadOnly, _unload, _dryRun, CommonOptions.Json])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            bool same = result.GetValue(_same);
            bool kernel = result.GetValue(_kernel) is not null || same;
            if (result.GetValue(_list))
            {
                if (kernel || result.GetValue(_now) || result.GetValue(_unload))
                {
                    result.AddError("--list shows the boot loader's entries, and loads and starts nothing");
                }

                return;
            }

            if (same && (result.GetValue(_kernel) is not null || result.GetResult(_ramdisks) is not null
                || result.GetResult(_commandLine) is not null || result.GetValue(_reuse)))
            {
                result.AddError("--same takes kernel, ramdisks and command line from the boot loader: only --append adds to it");
            }

            if (result.GetValue(_reuse) && result.GetValue(_commandLine) is not null)
            {
                result.AddError("--reuse-cmdline takes the running kernel's command line, --command-line another: give one of them");
            }

            if (result.GetValue(_unload) && (kernel || result.GetValue(_now)))
            {
                result.AddError("--unload takes back what is loaded, and loads and starts nothing");
            }
            else if (!kernel && !result.GetValue(_unload) && !result.GetValue(_now))
            {
                result.AddError("give a KERNEL to start, or --same for the one that the boot loader would start");
            }

            if (result.GetValue(_now) && result.GetValue(_loadOnly))
            {
                result.AddError("--now starts the kernel, --load-only does not: give one of them");
            }
        });
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Loads a kernel and starts it from the running one: the firmware, its self-test and the boot loader are skipped. By default
            the machine is shut down in order first, through systemctl kexec; without systemd, shut down what matters and use --now.

            The kernel may be a bzImage, a vmlinux, either compressed, an image with a ramdisk and a command line of its own (UKI), or a
            Multiboot kernel with modules. The segments go anywhere in free RAM; they are moved to their places in the jump, where purgatory checks them.

            The command line is the running kernel's without what belongs to its own start (BOOT_IMAGE=, initrd= and the like), unless
            one is given or comes with the kernel; --append adds to any of them.

            --same takes the entry that the boot loader would start by itself, from the files of grub, systemd-boot, entry files and
            unified kernel images. Grub's script is followed as far as files tell what it does; where the choice, the kernel or its
            command line hang on what only grub knows, that is named, and nothing is loaded. An entry that was set for the next boot
            only stays set. --list shows them all, and why one is next.

            Which of the kernel's two calls loads it is chosen as for arm: kexec_load, unless lockdown or the kernel forbids it. The plan
            is checked against the kernel's own rules before the call. It needs root; so does --dry-run, as the kernel hides physical
            addresses from others.
            """,
        Examples =
        [
            new("lifeboat boot /boot/vmlinuz-6.12 --initrd /boot/initrd.img-6.12", "shut down in order, and start this kernel"),
            new("lifeboat boot --same", "shut down in order, and start what the boot loader would start, without the firmware"),
            new("lifeboat boot --list", "show the boot loader's entries, and which one is next"),
            new("lifeboat boot vmlinuz --initrd a.img --initrd b.img --append \"quiet\" --now", "start it at once, with two ramdisks"),
            new("lifeboat boot vmlinuz --dry-run", "show what would be loaded where"),
            new("lifeboat boot vmlinuz --load-only", "load it; systemctl kexec or lifeboat boot --now starts it later"),
        ],
        Files =
        [
            new("/sys/firmware/memmap", "the firmware's memory map, which the kernel is given"),
            new("/boot/grub/grub.cfg, /boot/grub2/grub.cfg, grubenv", "grub's menu, and what is saved between boots"),
            new("loader/loader.conf, loader/entries, EFI/Linux in /efi, /boot, /boot/efi", "systemd-boot's settings, entry files and images"),
            new("/sys/firmware/efi/efivars/Loader*", "what is set for one boot or for all"),
            new("/proc/self/mountinfo, /dev/disk", "which filesystem a path of grub's lies on"),
            new("/sys/kernel/kexec_loaded", "1 once an image is loaded"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.BadInput, "the kernel image is unsuitable, or no free memory takes it, or it cannot be told which entry is next; the error says which"),
            new((int)ExitCode.KernelRefused, "the running kernel refused the image, or has none to start"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (arguments.GetValue(_list))
        {
            return BootChoice.List(terminal, arguments.GetValue(CommonOptions.Json));
        }

        if (arguments.GetValue(_unload))
        {
            KexecLoader.UnloadBootImage();
            terminal.Output.WriteLine("Unloaded: a reboot goes through the firmware");
            return ExitCode.Success;
        }

        bool now = arguments.GetValue(_now);
        bool dryRun = arguments.GetValue(_dryRun);
        bool loadOnly = arguments.GetValue(_loadOnly);
        if (!now && !dryRun && !loadOnly && !BootLoading.HasSystemd)
        {
            terminal.Error("no systemd runs here that would shut the machine down in order: "
                + "stop what matters and give --now, or load with --load-only");
            return ExitCode.Usage;
        }

        string? kernel = arguments.GetValue(_kernel);
        if (kernel is not null || arguments.GetValue(_same))
        {
            MachineDescription machine = MachineDescription.ReadLive();
            PreparedLoad prepared = BootLoading.Prepare(
                kernel is null ? Same(arguments, terminal) : Choose(kernel, machine, arguments),
                machine,
                KexecCallNames.Parse(arguments.GetRequiredValue(_call)));
            if (dryRun)
            {
                terminal.Output.Write(arguments.GetValue(CommonOptions.Json) ? prepared.ToJson() + '\n' : prepared.ToText());
                return prepared.IsRefused ? ExitCode.KernelRefused : ExitCode.Success;
            }

            prepared.Load();
            prepared.PrintNotes(terminal);
            terminal.Output.WriteLine(arguments.GetValue(CommonOptions.Json) ? prepared.ToJson() : Loaded(prepared));
        }

        if (loadOnly)
        {
            return ExitCode.Success;
        }

        terminal.Output.Flush();
        if (now)
        {
            RebootImage.Sync();
            RebootImage.Start();
        }

        return BootLoading.ShutDown(terminal);
    }

    private BootRequest Choose(string kernel, MachineDescription machine, ParseResult arguments)
    {
        string? append = arguments.GetValue(_append);
        string? given = arguments.GetValue(_commandLine)
            ?? (arguments.GetValue(_reuse) ? null : new LoadFiles().OpenKernel(kernel).CommandLine);
        return new BootRequest(
            kernel,
            arguments.GetValue(_ramdisks) ?? [],
            given is null ? RebootCommandLine.FromRunning(machine.CommandLine, append) : $"{given} {append}".Trim())
        {
            Modules = arguments.GetValue(_modules) ?? [],
            Entry32Bit = arguments.GetValue(_entry32),
            WithoutEfi = arguments.GetValue(_noEfi),
        };
    }

    /// <summary>The boot loader's next entry. A command line that lies in the kernel file is taken from there.</summary>
    private BootRequest Same(ParseResult arguments, Terminal terminal)
    {
        BootEntry entry = BootChoice.Same(terminal);
        string kernel = entry.Kernel!;
        string? given = entry.CommandLine ?? new LoadFiles().OpenKernel(kernel).CommandLine;
        return new BootRequest(kernel, entry.Ramdisks, $"{given} {arguments.GetValue(_append)}".Trim());
    }

    private static string Loaded(PreparedLoad prepared)
    {
        string name = prepared.Plan?.KernelName ?? prepared.FileLoad!.KernelPath;
        string? version = prepared.Plan is { } plan ? plan.KernelVersion : prepared.FileLoad!.KernelVersion;
        return $"Loaded: {name}{(version is null ? "" : $" ({version})")}, by {KexecCallNames.NameOf(prepared.Choice.Call)}: {prepared.Choice.Reason}";
    }
}
