using Lifeboat.Capture.Network;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>The machine that a ramdisk is to capture on, as far as it has to do with what is in it.</summary>
public sealed record RamdiskSurroundings
{
    /// <summary>The release of the kernel that will capture; null when it is not known.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>That kernel's modules; null when they are not there.</summary>
    public ModuleTree? Modules { get; init; }

    /// <summary>The program as it is installed now.</summary>
    public ReadOnlyMemory<byte> Program { get; init; }

    /// <summary>The settings as they are now; null when there are none.</summary>
    public string? Settings { get; init; }

    /// <summary>Finds the device that a target chooses; gives null when it is not there.</summary>
    public Func<DeviceSelector, string?> FindDevice { get; init; } = static _ => null;

    /// <summary>Plans the way to a host as it is now; it may refuse with a <see cref="DiagnosticException"/>. Null does not ask.</summary>
    public Func<string, NetworkPlan>? PlanNetwork { get; init; }

    /// <summary>The modules that drive a device, from itself to its bus.</summary>
    public Func<string, IReadOnlyList<string>> DriversOf { get; init; } = static _ => [];
}
