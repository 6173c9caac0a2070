using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Drill;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Reservation;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat crashkernel propose</c>: a size for this kernel and ramdisk, measured by drills.</summary>
internal sealed class CrashKernelProposeVerb : Verb
{
    private static readonly ByteCount Largest = ByteCount.FromMiB(256);

    private readonly Option<string?> _kernel = new("--kernel")
    {
        Description = "The capture kernel. Default: as lifeboat drill chooses.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _modules = new("--modules")
    {
        Description = "The folder of that kernel's modules. Default: lib/modules/RELEASE beside the image's folder, or /lib/modules/RELEASE.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _ramdisk = new("--ramdisk")
    {
        Description = "The ramdisk that will be armed; what it is larger than the drill's is added.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _measure = new("--measure")
    {
        Description = "Measure even if the last drill of this kernel has.",
    };

    private readonly Option<bool> _noKvm = new("--no-kvm")
    {
        Description = "Use software emulation even where KVM works.",
    };

    public CrashKernelProposeVerb()
        : base("propose", "propose a size for crashkernel=, measured by drills of this kernel")
    {
        foreach (Option option in (Option[])[_kernel, _modules, _ramdisk, _measure, _noKvm, CommonOptions.Json])
        {
            Options.Add(option);
        }
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Boots the kernel in a virtual machine, crashes and captures it with less and less memory reserved, as lifeboat drill
            --find-minimum does, and proposes the smallest size that captured, with a margin of a quarter, with room for a ramdisk that
            is larger than the drill's, and for this machine's RAM, in steps of 16 MiB. It takes some minutes. Where the last drill has
            measured this kernel already, nothing is run.
            """,
        Examples =
        [
            new("lifeboat crashkernel propose", "for this machine's kernel"),
            new("lifeboat crashkernel propose --ramdisk capture.img --measure", "for this ramdisk, measured anew"),
        ],
        Files = [new(LastDrill.DefaultPath, "what was measured last")],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string? kernel = arguments.GetValue(_kernel);
        string running = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        string? release = kernel is null ? running : KernelFile.Open(File.ReadAllBytes(kernel), kernel).Image.Release;
        LastDrill? drill = LastDrill.Load();
        if (arguments.GetValue(_measure) || drill?.MinimumBytes is null || drill.KernelRelease != release)
        {
            drill = Measure(arguments, kernel, running, terminal, cancellation);
        }

        if (drill.MinimumBytes is not { } least)
        {
            terminal.Error($"no reservation up to {Largest} captures a crash of this kernel: see lifeboat drill --crashkernel {Largest.MiBRoundedUp}M");
            return ExitCode.Failure;
        }

        if (drill.KernelRelease != release)
        {
            terminal.Note($"measured with {drill.KernelRelease}: the files of {release} cannot be used for a drill (lifeboat drill says why)");
        }

        var proposal = ReservationProposal.From(
            new ByteCount(least), ReservationStatus.Read().Ram ?? ByteCount.Zero, ExtraRamdisk(arguments.GetValue(_ramdisk), drill));
        terminal.Output.Write(arguments.GetValue(CommonOptions.Json)
            ? CrashKernelReport.ToJson(proposal) + '\n'
            : CrashKernelReport.ToText(proposal));
        return ExitCode.Success;
    }

    private LastDrill Measure(ParseResult arguments, string? kernel, string running, Terminal terminal, CancellationToken cancellation)
    {
        var options = new DrillOptions
        {
            ProgramPath = Environment.ProcessPath!,
            CacheFolder = DrillVerb.CacheFolder(),
            TemporaryFolder = Path.GetTempPath(),
            RunningRelease = running,
            SearchPath = Environment.GetEnvironmentVariable("PATH"),
            KernelPath = kernel,
            ModulesFolder = arguments.GetValue(_modules),
            CrashKernel = Largest,
            AllowKvm = !arguments.GetValue(_noKvm),
        };
        DrillMemory.Search(options, new DrillProgressPrinter(terminal), terminal, cancellation, out LastDrill drill);
        return drill;
    }

    private static ByteCount ExtraRamdisk(string? ramdisk, LastDrill drill)
    {
        ulong length = ramdisk is null ? 0 : (ulong)new FileInfo(ramdisk).Length;
        ulong rehearsed = drill.RamdiskBytes ?? 0;
        return new ByteCount(length > rehearsed ? length - rehearsed : 0);
    }
}
