using Lifeboat.Capture.Settings;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Drill;

/// <summary>What to rehearse, and with what.</summary>
public sealed record DrillOptions
{
    /// <summary>The static program; it becomes /init of both kernels.</summary>
    public required string ProgramPath { get; init; }

    /// <summary>Where downloaded kernels and probe results are kept between drills.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Where the drill's own files live while it runs; they are removed at the end, however it ends.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>The release of the running kernel, whose files are used when they can be.</summary>
    public required string RunningRelease { get; init; }

    /// <summary>Folders of programs, as in PATH; null for the system's own.</summary>
    public string? SearchPath { get; init; }

    /// <summary>The kernel image; null to find one.</summary>
    public string? KernelPath { get; init; }

    /// <summary>The folder of the kernel's modules; null to look beside the image and in /lib/modules.</summary>
    public string? ModulesFolder { get; init; }

    /// <summary>The guest's memory.</summary>
    public ByteCount Memory { get; init; } = ByteCount.FromMiB(2048);

    /// <summary>The guest's processors.</summary>
    public int Cpus { get; init; } = 2;

    /// <summary>The reservation, as <c>crashkernel=</c> asks for it.</summary>
    public ByteCount CrashKernel { get; init; } = ByteCount.FromMiB(128);

    /// <summary>Whether the reservation lies above 4 GiB, with the part below that the kernel then adds (<c>,high</c>).</summary>
    public bool CrashKernelHigh { get; init; }

    /// <summary>The value of <c>crashkernel=</c>.</summary>
    public string CrashKernelValue => $"{CrashKernel.MiBRoundedUp}M{(CrashKernelHigh ? ",high" : "")}";

    /// <summary>Whether the guest has UEFI firmware instead of a BIOS.</summary>
    public bool Uefi { get; init; }

    /// <summary>Added to the first kernel's command line.</summary>
    public string FirstAppend { get; init; } = "";

    /// <summary>Whether the guest first reboots by kexec into the same kernel, and it is that one that is armed and crashed.</summary>
    public bool RebootFirst { get; init; }

    /// <summary>The CPU that the crash is made on; null for any.</summary>
    public int? CrashCpu { get; init; }

    /// <summary>Whether a CPU is added to the guest once it is armed; the crash is made on that one.</summary>
    public bool AddCpu { get; init; }

    /// <summary>The size of the target disk; it takes only what is written to it.</summary>
    public ByteCount DiskSize { get; init; } = ByteCount.FromMiB(4096);

    /// <summary>What to leave out of the dump.</summary>
    public DumpLevel Level { get; init; } = DumpLevel.All;

    /// <summary>How the dump's pages are packed.</summary>
    public DumpCompression Compression { get; init; } = DumpCompression.Zstd;

    /// <summary>
    /// The settings to rehearse; null for none. Of their targets those on other hosts are tried first, through the guest's network;
    /// the drill's own disk stands for the machine's, and comes last. In the end the guest is always switched off.
    /// </summary>
    public CaptureSettings? Settings { get; init; }

    /// <summary>Added to the capture kernel's command line.</summary>
    public string Append { get; init; } = "";

    /// <summary>How long a stage inside the guest may take before the drill gives up.</summary>
    public TimeSpan StageDeadline { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Whether KVM may be used where a probe shows that it works.</summary>
    public bool AllowKvm { get; init; } = true;

    /// <summary>How the first kernel is made to crash.</summary>
    public DrillCrash Crash { get; init; }

    /// <summary>The call that loads the capture kernel in the guest; null for kexec_load.</summary>
    public KexecCall? Call { get; init; }

    /// <summary>Something to break on purpose.</summary>
    public DrillFault Fault { get; init; }

    /// <summary>Whether the guest saves, just before it crashes, what its kernel says of itself.</summary>
    public bool SaveTruth { get; init; }

    /// <summary>Where to keep the dump, its manifest and the console; null to keep nothing.</summary>
    public string? KeepFolder { get; init; }
}
