using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Rules;

/// <summary>
/// What of the machine decides over a call of kexec_load or kexec_file_load; null is what is not known.
/// </summary>
public sealed record KexecEnvironment
{
    /// <summary>The running kernel's version.</summary>
    public KernelVersion? Version { get; init; }

    /// <summary>The reservation that takes segments (crashk_res); empty when there is none.</summary>
    public PhysicalRange? Reservation { get; init; }

    /// <summary>Memory the kernel manages (MemTotal).</summary>
    public ByteCount? TotalRam { get; init; }

    /// <summary>
    /// The memory that the kernel maps one to one for the next kernel: RAM and the ACPI tables. Empty when unknown.
    /// </summary>
    public IReadOnlyList<PhysicalRange> MappedMemory { get; init; } = [];

    /// <summary>Whether the machine pages with five levels.</summary>
    public bool? FiveLevelPaging { get; init; }

    /// <summary>Whether the CPU has pages of 1 GiB.</summary>
    public bool GigabytePages { get; init; }

    /// <summary>
    /// Whether the kernel maps by a page of 1 GiB only what is RAM as a whole; null to go by the version.
    /// </summary>
    public bool? MapsWholeGigabytes { get; init; }

    /// <summary>
    /// Whether the kernel keeps the top page table of a crash image beside its switch-over code; null to go by the
    /// version.
    /// </summary>
    public bool? SeparateTopTable { get; init; }

    /// <summary>CONFIG_KEXEC.</summary>
    public bool? HasKexecLoad { get; init; }

    /// <summary>CONFIG_KEXEC_FILE.</summary>
    public bool? HasKexecFileLoad { get; init; }

    /// <summary>Whether the kernel says that it can keep the ELF core header up to date (CONFIG_CRASH_HOTPLUG).</summary>
    public bool KeepsElfCoreHeader { get; init; }

    /// <summary>CONFIG_KEXEC_JUMP: the kernel knows KEXEC_PRESERVE_CONTEXT.</summary>
    public bool? HasKexecJump { get; init; }

    /// <summary>CONFIG_KEXEC_SIG: kexec_file_load looks for a signature.</summary>
    public bool? ChecksSignatures { get; init; }

    /// <summary>CONFIG_KEXEC_SIG_FORCE, or Secure Boot made it so: kexec_file_load takes only signed kernels.</summary>
    public bool? ForcesSignatures { get; init; }

    /// <summary>Whether the IMA policy appraises kernels, which kexec_load cannot give it.</summary>
    public bool? ImaAppraisesKernels { get; init; }

    /// <summary>Whether this process has CAP_SYS_BOOT.</summary>
    public bool? HasSysBootCapability { get; init; }

    /// <summary>Whether this process lies in a user namespace, where capabilities do not count for kexec.</summary>
    public bool? InUserNamespace { get; init; }

    /// <summary>Whether a seccomp filter stands before this process's system calls.</summary>
    public bool? HasSeccompFilter { get; init; }

    /// <summary>sysctl kernel.kexec_load_disabled.</summary>
    public bool? LoadDisabled { get; init; }

    /// <summary>sysctl kernel.kexec_load_limit_panic: calls left, -1 for any number.</summary>
    public long? LoadLimitPanic { get; init; }

    /// <summary>sysctl kernel.kexec_load_limit_reboot, the same.</summary>
    public long? LoadLimitReboot { get; init; }

    /// <summary>The lockdown in force: <c>none</c>, <c>integrity</c>, <c>confidentiality</c>.</summary>
    public string? Lockdown { get; init; }

    /// <summary>Whether the firmware started the machine with Secure Boot.</summary>
    public bool? SecureBoot { get; init; }

    /// <summary>The calls that are left to make.</summary>
    internal long? LoadLimit(bool crash) => crash ? LoadLimitPanic : LoadLimitReboot;

    /// <summary>What <paramref name="machine"/> says, its memory as that has it.</summary>
    public static KexecEnvironment Of(MachineDescription machine) => machine.Environment with
    {
        Version = KernelVersion.Of(machine.Release),
        Reservation = machine.Reservation ?? default(PhysicalRange),
        TotalRam = machine.TotalRam,
        KeepsElfCoreHeader = machine.CrashElfCoreHeaderSize is not null,
        FiveLevelPaging = machine.FiveLevelPaging,
        MappedMemory =
        [
            .. machine.Ram,
            .. machine.Iomem.Named("ACPI Tables"),
            .. machine.Iomem.Named("ACPI Non-volatile Storage"),
        ],
    };

    /// <summary>What the files of /proc, /sys and /boot below <paramref name="root"/> say.</summary>
    public static KexecEnvironment ReadLive(string root = "/")
    {
        var tree = new SystemTree(root);
        try
        {
            return Of(MachineReader.Read(tree));
        }
        catch (DiagnosticException)
        {
            // Addresses are hidden from this user, or a file is missing: the rest is known all the same.
            return EnvironmentReader.Read(tree);
        }
    }
}
