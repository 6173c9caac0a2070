using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text;
using Lifeboat.Capture;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat capture</c>: saves a crashed machine's memory in tiers.</summary>
internal sealed class CaptureVerb : Verb
{
    private readonly Option<string> _vmcore = new("--vmcore")
    {
        Description = "The memory to save. Default: /proc/vmcore, which a capture kernel has.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "/proc/vmcore",
    };

    private readonly Option<string> _target = new("--target")
    {
        Description = "The folder of all dumps; this one's folder is made in it. Must be given.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<int> _level = new("--level")
    {
        Description = "The dump level: the sum of 1 zero pages, 2 page cache, 4 page cache with private data, 8 user pages, 16 free pages to leave out. Default: 31.",
        HelpName = "0-31",
        DefaultValueFactory = _ => (int)DumpLevel.All,
    };

    private readonly Option<string> _compress = new("--compress")
    {
        Description = "How pages are packed: zstd, zlib, lzo, snappy or none. Default: zstd.",
        HelpName = "CODEC",
        DefaultValueFactory = _ => "zstd",
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compress. Default: 1.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly EraseOptions _erase = new("Overwrite this in the dump; none for nothing. Default: keys.");

    public CaptureVerb()
        : base("capture", "save a crashed machine's memory: its log first, then a report, then the dump")
    {
        Option[] options = [_vmcore, _target, _level, _compress, _threads, CommonOptions.Json];
        foreach (Option option in options)
        {
            Options.Add(option);
        }

        _erase.AddTo(this);

        CommonOptions.AcceptRange(_level, 0, 31);
        CommonOptions.AcceptRange(_threads, 1, 64);
        _compress.AcceptOnlyFromAmong([.. DumpCompressionNames.All]);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Saves a crashed kernel's memory in tiers, each on stable storage before the next begins: dmesg.txt, the kernel's log;
            report.txt, report.json and report.html, what happened; vmcore.kdump, the memory, filtered and compressed;
            manifest.json, what was saved and how. The report is made by a process of its own, which is stopped after a minute:
            one that fails costs nothing but itself, as it can be made of the dump again. The folder is named after the time and
            the host. It ends in .partial while it is written and in .incomplete when something could not be saved; what could
            be saved is kept.

            In a capture kernel the program is process 1 and needs no command line: it reads its settings from the ramdisk, loads
            the modules there, mounts the target, captures, and reboots or switches the machine off, within the deadline of its
            settings whatever happens. There it tells its milestones on the console; when no target takes anything, the end of the
            log and the report go out there too, for decode-console. Run by hand, this command does the middle
            part, on any dump that the program reads.

            In the dump, the keys that the kernel is known to hold are overwritten, unless the settings or --erase say otherwise or the dump is
            sealed; the log and the report are left as they are. lifeboat filter --help says what can be erased.
            """,
        Examples =
        [
            new("lifeboat capture --target /var/crash", "save /proc/vmcore from a capture kernel's shell"),
            new("lifeboat capture --vmcore vmcore --target . --level 1", "filter and compress an ELF vmcore, leaving out zeros only"),
        ],
        Files =
        [
            new("/etc/lifeboat/lifeboat.conf", "in a ramdisk: the settings, in the grammar of kdump.conf"),
            new("/etc/lifeboat/modules", "in a ramdisk: the modules to load, in order"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        _ = DumpCompressionNames.TryParse(arguments.GetValue(_compress), out DumpCompression compression);
        var request = new CaptureRequest
        {
            Vmcore = arguments.GetRequiredValue(_vmcore),
            Level = (DumpLevel)arguments.GetValue(_level),
            Compression = compression,
            Threads = arguments.GetValue(_threads),
            Erase = _erase.ReadOrKeys(arguments),

            // Under dotnet the process is dotnet, not this program.
            ReportProgram = RuntimeFeature.IsDynamicCodeSupported ? null : Environment.ProcessPath,
            ToolVersion = LifeboatCommand.Version,
        };
        var reporter = new CaptureReporter(terminal.Messages.WriteLine, TimeProvider.System);
        using var store = new FolderStore(arguments.GetRequiredValue(_target));
        CaptureResult result = new CaptureRun(request, store, reporter, TimeProvider.System).Execute(cancellation);
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(Encoding.UTF8.GetString(result.Manifest.ToJson()));
        }
        else
        {
            Print(result, terminal);
        }

        return result.IsComplete ? ExitCode.Success
            : cancellation.IsCancellationRequested ? ExitCode.Interrupted
            : ExitCode.Failure;
    }

    private static void Print(CaptureResult result, Terminal terminal)
    {
        foreach (ManifestTier tier in result.Manifest.Tiers)
        {
            string size = tier.Bytes is { } bytes ? $", {new ByteCount((ulong)bytes)}" : "";
            terminal.Output.WriteLine($"{tier.File}: {Describe(tier.Status)}{size}{(tier.Error is null ? "" : $" ({tier.Error})")}");
        }

        if (result.Location is not null)
        {
            terminal.Output.WriteLine(result.Location);
        }

        if (!result.IsComplete)
        {
            terminal.Error(result.Manifest.Reason ?? "the dump is not complete");
        }
    }

    private static string Describe(TierStatus status) => status switch
    {
        TierStatus.Saved => "saved",
        TierStatus.Partial => "partly saved",
        TierStatus.Failed => "not saved",
        _ => "not started",
    };
}
