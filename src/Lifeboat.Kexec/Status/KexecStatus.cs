using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Status;

/// <summary>Whether this machine is ready for a crash, as /proc and /sys tell.</summary>
public sealed record KexecStatus
{
    /// <summary>The running kernel's release; null when unknown.</summary>
    public string? Release { get; init; }

    /// <summary>The reservations, ascending; empty when there are none or their addresses are hidden.</summary>
    public IReadOnlyList<PhysicalRange> Reservations { get; init; } = [];

    /// <summary>The machine's watchdogs: one that runs at a crash goes on, and the capture kernel must have its driver.</summary>
    public IReadOnlyList<MachineWatchdog> Watchdogs { get; init; } = [];

    /// <summary>The reserved bytes, also where addresses are hidden; null when the kernel does not say.</summary>
    public ByteCount? ReservationSize { get; init; }

    /// <summary>Whether a crash image is loaded; null when the kernel does not say.</summary>
    public bool? CrashImageLoaded { get; init; }

    /// <summary>Whether an image for kexec -e is loaded; null when the kernel does not say.</summary>
    public bool? BootImageLoaded { get; init; }

    /// <summary>Whether the running kernel was built with kexec of any kind (CONFIG_KEXEC_CORE).</summary>
    public bool KernelHasKexec { get; init; }

    /// <summary>
    /// Whether it was built with the kexec_load call (CONFIG_KEXEC); null where its config is not installed.
    /// </summary>
    public bool? KernelHasKexecLoad { get; init; }

    /// <summary>Whether it was built with the kexec_file_load call (CONFIG_KEXEC_FILE); null where its config is not installed.</summary>
    public bool? KernelHasKexecFileLoad { get; init; }

    /// <summary>
    /// What the kernel asks of signatures in kexec_file_load; null where its config is not installed.
    /// </summary>
    public SignaturePolicy? Signatures { get; init; }

    /// <summary>Whether the firmware booted with Secure Boot; null when it does not say.</summary>
    public bool? SecureBoot { get; init; }

    /// <summary>
    /// Whether the kernel itself keeps the ELF core header of a loaded image up to date when CPUs and memory come and go;
    /// the header's room in bytes then, otherwise null (/sys/kernel/crash_elfcorehdr_size, Linux 6.6).
    /// </summary>
    public ByteCount? HotplugHeaderSize { get; init; }

    /// <summary>
    /// Whether it does so for the image that is loaded now (/sys/devices/system/cpu/crash_hotplug); null before Linux 6.6.
    /// </summary>
    public bool? HotplugUpdates { get; init; }

    /// <summary>
    /// Crash memory that the running kernel may use meanwhile (crashkernel=SIZE,cma); empty when there is none or it is hidden.
    /// </summary>
    public IReadOnlyList<PhysicalRange> CmaRanges { get; init; } = [];

    /// <summary>Whether the command line asks for such memory; kernels before 6.19 do not tell where it lies.</summary>
    public bool AsksForCma { get; init; }

    /// <summary>sysctl kernel.kexec_load_disabled; null when unknown.</summary>
    public bool? KexecLoadDisabled { get; init; }

    /// <summary>
    /// sysctl kernel.kexec_load_limit_panic: crash loads left, -1 for any number; null before Linux 6.3.
    /// </summary>
    public long? LoadLimitPanic { get; init; }

    /// <summary>sysctl kernel.kexec_load_limit_reboot, the same for kexec -e.</summary>
    public long? LoadLimitReboot { get; init; }

    /// <summary>
    /// The lockdown that is in force: <c>none</c>, <c>integrity</c>, <c>confidentiality</c>; null when unknown.
    /// </summary>
    public string? Lockdown { get; init; }

    /// <summary>Whether this process has CAP_SYS_BOOT; null when unknown.</summary>
    public bool? HasSysBootCapability { get; init; }

    /// <summary>The settings that decide what reaches the capture kernel.</summary>
    public IReadOnlyList<PanicKnob> PanicKnobs { get; init; } = [];

    /// <summary>For each kind of trouble, what would happen now; empty when it was not read.</summary>
    public PanicRoad Road { get; init; } = new([], []);

    /// <summary>How the last drill on this machine went; null when none is remembered.</summary>
    public LastDrill? LastDrill { get; init; }

    /// <summary>What keeps a crash from being captured; empty when the machine is armed.</summary>
    public IReadOnlyList<Diagnostic> Problems => KexecProblems.Find(this);

    /// <summary>Whether a crash image is loaded, so that a panic starts it.</summary>
    public bool IsArmed => CrashImageLoaded == true;

    /// <summary>
    /// Reads the files of /proc, /sys and /boot below <paramref name="root"/>; what is missing is unknown.
    /// </summary>
    public static KexecStatus Read(string root = "/") => KexecStatusReader.Read(new SystemTree(root));
}
