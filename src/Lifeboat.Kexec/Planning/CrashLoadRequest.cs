using Lifeboat.Core;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>What is to be loaded for the crash, and on which machine.</summary>
public sealed record CrashLoadRequest
{
    /// <summary>The kernel image, a whole bzImage file.</summary>
    public required ReadOnlyMemory<byte> Kernel { get; init; }

    /// <summary>What to call the image in messages: its path.</summary>
    public required string KernelName { get; init; }

    /// <summary>The ramdisk as the kernel takes it, compressed or not; empty for none.</summary>
    public ReadOnlyMemory<byte> Ramdisk { get; init; }

    /// <summary>
    /// The capture kernel's command line without <c>elfcorehdr=</c>, which the planner appends;
    /// <see cref="CaptureCommandLine"/> makes one.
    /// </summary>
    public required string CommandLine { get; init; }

    /// <summary>The machine whose crash is prepared for.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>What is believed of the image.</summary>
    public DumpLimits Limits { get; init; } = DumpLimits.Default;
}
