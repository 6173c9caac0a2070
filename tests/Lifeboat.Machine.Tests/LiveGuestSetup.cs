namespace Lifeboat.Machine.Tests;

/// <summary>How a guest that runs commands is made.</summary>
internal sealed record LiveGuestSetup
{
    /// <summary>The capture kernel in the guest.</summary>
    public const string Kernel = Lifeboat.Drill.Inside.GuestPlan.KernelPath;

    /// <summary>Its ramdisk.</summary>
    public const string Ramdisk = Lifeboat.Drill.Inside.GuestPlan.RamdiskPath;

    /// <summary>Added to the guest's command line.</summary>
    public string Append { get; init; } = "";

    /// <summary>Memory in MiB.</summary>
    public ulong MemoryMiB { get; init; } = 512;

    /// <summary>Whether <see cref="Kernel"/> and <see cref="Ramdisk"/> are there.</summary>
    public bool WithCaptureKernel { get; init; }

    /// <summary>
    /// Whether the machine has Secure Boot, with a key of the test's own: both kernels are signed with it. The kernel locks itself down.
    /// </summary>
    public bool HasSecureBoot { get; init; }

    /// <summary>What is done to the capture kernel's image first.</summary>
    public Action<byte[]> Change { get; init; } = static _ => { };
}
