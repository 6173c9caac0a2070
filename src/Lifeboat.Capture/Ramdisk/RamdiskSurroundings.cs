using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Watchdogs;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>The machine that a ramdisk is to capture on, as far as it has to do with what is in it.</summary>
public sealed record RamdiskSurroundings
{
    /// <summary>The release of the kernel that will capture; null when it is not known.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>That kernel's modules; null when they are not there.</summary>
    public ModuleTree? Modules { get; init; }

    /// <summary>
    /// Where the machine's files are, for what its modules want besides: their parameters (modprobe.d), and what their drivers load into their
    /// cards (<c>/lib/firmware</c>). Null does not look.
    /// </summary>
    public string? MachineRoot { get; init; }

    /// <summary>The program as it is installed now.</summary>
    public ReadOnlyMemory<byte> Program { get; init; }

    /// <summary>The settings as they are now; null when there are none.</summary>
    public string? Settings { get; init; }

    /// <summary>Finds the device that a target chooses; gives null when it is not there.</summary>
    public Func<DeviceSelector, string?> FindDevice { get; init; } = static _ => null;

    /// <summary>Plans the way to a host as it is now; it may refuse with a <see cref="DiagnosticException"/>. Null does not ask.</summary>
    public Func<string, NetworkPlan>? PlanNetwork { get; init; }

    /// <summary>What a device is made of now; it may refuse with a <see cref="DiagnosticException"/>.</summary>
    public Func<string, StorageStack> StackOf { get; init; } = static _ => new StorageStack([], []);

    /// <summary>The modules that drive the disks of a stack, from each to its bus.</summary>
    public Func<StorageStack, IReadOnlyList<string>> DriversOf { get; init; } = static _ => [];

    /// <summary>Plans the setting up of a stack for a target; it may refuse with a <see cref="DiagnosticException"/>.</summary>
    public Func<string, StorageStack, StoragePlanner> PlanStorage { get; init; } = static (target, stack) => StoragePlanner.For(target, stack);

    /// <summary>The files that settings name, as they are now; it may refuse with a <see cref="DiagnosticException"/>.</summary>
    public Func<CaptureSettings, IReadOnlyList<RamdiskFile>> FilesFor { get; init; } = static _ => [];

    /// <summary>Finds the device of a raw target; gives null when it is not there.</summary>
    public Func<RawTarget, string?> FindRawDevice { get; init; } = static _ => null;

    /// <summary>Refuses a device that is in use or holds something, with a <see cref="DiagnosticException"/>.</summary>
    public Action<RawTarget> CheckRawDevice { get; init; } = static _ => { };

    /// <summary>The time, for certificates.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The machine's watchdogs; null does not ask.</summary>
    public WatchdogNeeds? Watchdogs { get; init; }
}
