using Lifeboat.Capture.Modules;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>What a ramdisk is to be built of.</summary>
public sealed record RamdiskRequest
{
    /// <summary>The static program that becomes /init, a path on this machine.</summary>
    public required string InitProgram { get; init; }

    /// <summary>The modules of the kernel that will boot; null when it needs none.</summary>
    public ModuleTree? ModuleTree { get; init; }

    /// <summary>Names of the modules that must be loadable; their dependencies follow by themselves.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Files besides; folders above them are made.</summary>
    public IReadOnlyList<RamdiskFile> Files { get; init; } = [];

    /// <summary>
    /// Where this machine's files are, for what its modules want besides: their parameters (modprobe.d), and what their drivers load into their
    /// cards (<c>/lib/firmware</c>). Null to leave both out.
    /// </summary>
    public string? MachineRoot { get; init; }

    /// <summary>Parameters for modules behind the machine's own, <c>MODULE PARAMETERS</c> each.</summary>
    public IReadOnlyList<string> ModuleOptions { get; init; } = [];

    /// <summary>
    /// How hard zstd tries. Measured on this program: 18 is 6 % smaller than 17 for a tenth more time; 3 is fast, for a ramdisk
    /// that is used once.
    /// </summary>
    public int ZstdLevel { get; init; } = 18;

    /// <summary>
    /// The configuration of the kernel that will boot: zstd when it can unpack that, else gzip. Null means unknown,
    /// and gzip, which every distribution's kernel unpacks.
    /// </summary>
    public KernelConfig? KernelConfig { get; init; }
}
