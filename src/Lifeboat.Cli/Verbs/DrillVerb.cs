using System.CommandLine;
using Lifeboat.Capture.Settings;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Drill;
using Lifeboat.Drill.Reporting;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Status;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat drill</c>: rehearses a crash of a real kernel in a virtual machine.</summary>
internal sealed class DrillVerb : Verb
{
    private const string Bios = "bios";
    private const string Uefi = "uefi";
    private const string High = ",high";

    // 16 TiB: beyond what a file or a guest of QEMU's can have.
    private static readonly ByteCount MaxSize = ByteCount.FromMiB(16 << 20);

    private readonly Option<string?> _kernel = new("--kernel")
    {
        Description = "The kernel image to rehearse with. Default: this machine's own when it and its modules can be read and it "
            + "was built with KEXEC, CRASH_DUMP and PROC_VMCORE; otherwise Debian's newest, downloaded and unpacked in the cache.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _modules = new("--modules")
    {
        Description = "The folder of that kernel's modules. Default: lib/modules/RELEASE beside the image's folder, or /lib/modules/RELEASE.",
        HelpName = "DIR",
    };

    private readonly Option<ByteCount> _memory = SizeOption("--memory", 2048, "The guest's memory.");

    private readonly Option<int> _cpus = new("--cpus")
    {
        Description = "The guest's processors.",
        HelpName = "N",
        DefaultValueFactory = _ => 2,
    };

    private readonly Option<string> _crashKernel = new("--crashkernel")
    {
        Description = "The memory to reserve for the capture kernel, as crashkernel= would: a size, and ,high behind it for one above 4 GiB. "
            + "Default: 128M.",
        HelpName = "SIZE",
        DefaultValueFactory = _ => "128M",
    };

    private readonly Option<string> _firmware = new("--firmware")
    {
        Description = "The guest's firmware: bios, or uefi, for which OVMF must be installed. Default: bios.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Bios,
    };

    private readonly Option<string> _firstAppend = new("--first-append")
    {
        Description = "Added to the first kernel's command line.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<bool> _rebootFirst = new("--reboot-first")
    {
        Description = "Have the guest reboot by kexec into the same kernel first, as boot --now does; that one is armed and crashed.",
    };

    private readonly Option<int?> _crashCpu = new("--crash-cpu")
    {
        Description = "The CPU that the crash is made on, from 0.",
        HelpName = "N",
    };

    private readonly Option<bool> _addCpu = new("--add-cpu")
    {
        Description = "Add a CPU to the guest once it is armed, and make the crash on that one.",
    };

    private readonly Option<ByteCount> _disk = SizeOption("--disk", 4096, "The size of the target disk; it takes only what is written.");

    private readonly Option<int> _level = new("--level")
    {
        Description = "The dump level without --settings: the sum of 1 zero pages, 2 page cache, 4 page cache with private data, 8 user pages, 16 free pages to leave out.",
        HelpName = "0-31",
        DefaultValueFactory = _ => (int)DumpLevel.All,
    };

    private readonly Option<string> _compress = new("--compress")
    {
        Description = "How the dump's pages are packed without --settings: zstd, zlib, lzo, snappy or none. Default: zstd.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DumpCompressionNames.NameOf(DumpCompression.Zstd),
    };

    private readonly Option<string?> _settings = new("--settings")
    {
        Description = "Rehearse these settings: their targets on other hosts, through a network that the guest gets, before the target disk, "
            + "which stands for the machine's own; budgets, hooks and all. --level and --compress hold without it. The crash that another "
            + "host took is not read back.",
        HelpName = "FILE",
    };

    private readonly Option<string> _append = new("--append")
    {
        Description = "Added to the capture kernel's command line.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string?> _keep = new("--keep")
    {
        Description = "Keep the dump, its log and manifest, and the guest's console in this folder.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _truth = new("--truth")
    {
        Description = "Keep, too, what the guest's kernel says of itself just before the crash: /proc, as truth.cpio beside the dump.",
    };

    private readonly Option<int> _deadline = new("--deadline")
    {
        Description = "Seconds that a stage inside the guest may take before the drill gives up.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 180,
    };

    private readonly Option<bool> _noKvm = new("--no-kvm")
    {
        Description = "Use software emulation even where KVM works.",
    };

    private readonly Option<string> _crash = new("--crash")
    {
        Description = "How the guest's kernel is made to crash: sysrq; null, wild, bug, divide or soft-lockup in a module that is made for "
            + "it; hung-task, oom; nmi or mce from outside. Default: sysrq.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DrillCrashNames.NameOf(DrillCrash.Sysrq),
    };

    private readonly Option<DrillFault> _fault = new("--fault")
    {
        Description = "Break something on purpose, to see that it is told and survived: disk-full, missing-module, corrupt-segment or "
            + "stuck-capture.",
        HelpName = "NAME",
        CustomParser = result => ParseFault(result.Tokens[0].Value, result.AddError),
        DefaultValueFactory = _ => DrillFault.None,
    };

    private readonly Option<string> _call = LoadOptions.Call();

    private readonly Option<bool> _findMinimum = new("--find-minimum")
    {
        Description = "Find the smallest reservation that captures, by drills with less and less memory.",
    };

    public DrillVerb()
        : base("drill", "rehearse a crash of a real kernel in a virtual machine")
    {
        Option[] options =
        [
            _kernel, _modules, _memory, _cpus, _crashKernel, _firmware, _firstAppend, _rebootFirst, _crashCpu, _addCpu, _disk, _level, _compress, _settings, _append,
            _keep, _truth, _deadline, _noKvm, _crash, _fault, _call, _findMinimum,
            CommonOptions.Json,
        ];
        foreach (Option option in options)
        {
            Options.Add(option);
        }

        _crash.AcceptOnlyFromAmong([.. DrillCrashNames.All]);
        _compress.AcceptOnlyFromAmong([.. DumpCompressionNames.All]);
        CommonOptions.AcceptRange(_level, 0, 31);
        CommonOptions.AcceptRange(_cpus, 1, 255);
        CommonOptions.AcceptRange(_deadline, 1, 86_400);
        _firmware.AcceptOnlyFromAmong(Bios, Uefi);
        _crashKernel.Validators.Add(static result =>
        {
            string text = result.Tokens is [var token] ? token.Value : "128M";
            if (!TryParseReservation(text, out _, out _))
            {
                result.AddError($"--crashkernel takes a size such as 128M or 256M,high, not '{text}'");
            }
        });
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Boots a kernel in a virtual machine, loads a capture kernel into its reserved memory with the same code that arm uses on
            a machine, starts processes and fills memory with known bytes, makes the kernel panic, lets the capture kernel save the
            memory to a disk, takes the dump out, opens it and checks it: everything that would happen at a crash, on the real kernel,
            without touching this machine.

            The report gives the verdict first, then when each milestone was reached, what was loaded where, the capture kernel's
            memory, the dump's size, and what the dump says of the crash. KVM is used only where a probe guest has booted with it;
            otherwise QEMU's software emulation, which takes about a minute.

            The drill passes only when every milestone was reached, every page of the dump reads, the known bytes are exactly where
            the dump level keeps them and absent where it leaves them out, and the crash is told as it was caused. Otherwise the
            exit code is the number of the stage that failed.
            """,
        Examples =
        [
            new("lifeboat drill", "rehearse this machine's kernel, or Debian's newest"),
            new("lifeboat drill --crashkernel 96M --keep /tmp/drill", "with a smaller reservation; keep the dump"),
            new("lifeboat drill --firmware uefi --cpus 4 --crash-cpu 3", "with UEFI firmware, and the crash on the last of four CPUs"),
            new("lifeboat drill --crash null", "a module that writes through a NULL pointer, instead of sysrq"),
            new("lifeboat drill --fault disk-full", "show what is left when the target disk is full"),
            new("lifeboat drill --find-minimum", "how small can crashkernel= be for this kernel and ramdisk?"),
        ],
        Files =
        [
            new(LastDrill.DefaultPath, "how the last drill went, for lifeboat status and lifeboat crashkernel; only root can write it"),
            new("$XDG_CACHE_HOME/lifeboat", "downloaded kernels and the answer of the KVM probe (default ~/.cache/lifeboat)"),
        ],
        ExitCodes =
        [
            .. StageCodes(),
            new((int)ExitCode.Interrupted, "interrupted; no process and no file is left behind"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool json = arguments.GetValue(CommonOptions.Json);
        int cpus = arguments.GetValue(_cpus);
        if (arguments.GetValue(_crashCpu) is { } cpu && (cpu < 0 || cpu >= cpus || arguments.GetValue(_addCpu)))
        {
            terminal.Error($"--crash-cpu takes one of the guest's {cpus} CPUs, from 0, and no --add-cpu beside it");
            return ExitCode.Usage;
        }

        _ = DumpCompressionNames.TryParse(arguments.GetValue(_compress), out DumpCompression compression);
        _ = DrillCrashNames.TryParse(arguments.GetValue(_crash), out DrillCrash crash);
        _ = TryParseReservation(arguments.GetValue(_crashKernel)!, out ByteCount reserved, out bool isHigh);
        var options = new DrillOptions
        {
            ProgramPath = Environment.ProcessPath!,
            CacheFolder = CacheFolder(),
            TemporaryFolder = Path.GetTempPath(),
            RunningRelease = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            SearchPath = Environment.GetEnvironmentVariable("PATH"),
            KernelPath = arguments.GetValue(_kernel),
            ModulesFolder = arguments.GetValue(_modules),
            Memory = arguments.GetValue(_memory),
            Cpus = cpus,
            CrashKernel = reserved,
            CrashKernelHigh = isHigh,
            Uefi = arguments.GetValue(_firmware) == Uefi,
            FirstAppend = arguments.GetValue(_firstAppend) ?? "",
            RebootFirst = arguments.GetValue(_rebootFirst),
            CrashCpu = arguments.GetValue(_crashCpu),
            AddCpu = arguments.GetValue(_addCpu),
            DiskSize = arguments.GetValue(_disk),
            Level = (DumpLevel)arguments.GetValue(_level),
            Compression = compression,
            Settings = arguments.GetValue(_settings) is { } settings
                ? CaptureSettings.Parse(SettingsInput.Read(settings), settings) : null,
            Append = arguments.GetValue(_append) ?? "",
            StageDeadline = TimeSpan.FromSeconds(arguments.GetValue(_deadline)),
            AllowKvm = !arguments.GetValue(_noKvm),
            Crash = crash,
            Fault = arguments.GetValue(_fault),
            Call = KexecCallNames.Parse(arguments.GetRequiredValue(_call)),
            SaveTruth = arguments.GetValue(_truth),
            KeepFolder = arguments.GetValue(_keep),
        };
        var progress = new DrillProgressPrinter(terminal);
        if (arguments.GetValue(_findMinimum))
        {
            MinimumReservation minimum = DrillMemory.Search(options, progress, terminal, cancellation);
            terminal.Output.WriteLine(json ? MinimumReservationDocument.From(minimum).ToJson() : minimum.ToString());
            return minimum.Smallest is null ? ExitCode.Failure : ExitCode.Success;
        }

        DrillReport report = DrillRunner.Run(options, TimeProvider.System, progress, cancellation);
        DrillMemory.Remember(report, terminal);
        if (json)
        {
            terminal.Output.WriteLine(DrillDocument.From(report).ToJson());
        }
        else
        {
            DrillReportText.Write(report, terminal.Output);
        }

        return report.Failure is null ? ExitCode.Success : (ExitCode)(int)report.Failure.Stage;
    }

    private static IEnumerable<ManualEntry> StageCodes()
    {
        foreach (DrillStage stage in Enum.GetValues<DrillStage>())
        {
            yield return new ManualEntry((int)stage, $"not reached: {stage.Describe()}");
        }
    }

    private static DrillFault ParseFault(string text, Action<string> addError)
    {
        // By name only: Enum.TryParse would take numbers and lists of names, too.
        string name = text.Replace("-", "", StringComparison.Ordinal);
        foreach (DrillFault fault in Enum.GetValues<DrillFault>())
        {
            if (string.Equals(fault.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                return fault;
            }
        }

        addError($"there is no fault {text}: disk-full, missing-module, corrupt-segment, stuck-capture");
        return DrillFault.None;
    }

    private static bool TryParseReservation(string text, out ByteCount size, out bool isHigh)
    {
        isHigh = text.EndsWith(High, StringComparison.Ordinal);
        return ByteCount.TryParse(isHigh ? text[..^High.Length] : text, out size) && size > ByteCount.Zero && size <= MaxSize;
    }

    private static Option<ByteCount> SizeOption(string name, ulong defaultMiB, string description) => new(name)
    {
        Description = $"{description} A number with an optional K, M or G; default {defaultMiB}M.",
        HelpName = "SIZE",
        DefaultValueFactory = _ => ByteCount.FromMiB(defaultMiB),
        CustomParser = result =>
        {
            bool isSize = ByteCount.TryParse(result.Tokens[0].Value, out ByteCount size);
            if (!isSize || size == ByteCount.Zero || size > MaxSize)
            {
                result.AddError($"{name} takes a size such as 128M or 2G, not '{result.Tokens[0].Value}'");
            }

            return size;
        },
    };

    internal static string CacheFolder()
    {
        string? configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string home = Environment.GetEnvironmentVariable("HOME") ?? "/root";
        return Path.Combine(string.IsNullOrEmpty(configured) ? Path.Combine(home, ".cache") : configured, "lifeboat");
    }
}
