using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <content>What targets lie on, numbers 5180 to 5199.</content>
public static partial class CaptureDiagnostics
{
    /// <summary>A target lies on storage that a capture kernel cannot be given.</summary>
    public static DiagnosticId StorageNotCarried { get; } = new(5180, "storage that cannot be carried over");

    /// <summary>A program that sets up a target's storage is not installed.</summary>
    public static DiagnosticId StorageToolMissing { get; } = new(5181, "program for storage missing");

    /// <summary>The plan of a target's storage in a ramdisk is not understood.</summary>
    public static DiagnosticId BadStoragePlan { get; } = new(5182, "damaged storage plan");

    /// <summary>A target's storage could not be set up at the crash.</summary>
    public static DiagnosticId StorageNotUp { get; } = new(5183, "storage not up");

    /// <summary>What a target lies on has changed since the ramdisk was built.</summary>
    public static DiagnosticId StorageDiffers { get; } = new(5184, "storage has changed");

    /// <summary>Neither initramfs-tools nor dracut could collect the programs that set up a target's storage.</summary>
    public static DiagnosticId StorageToolsNotCollected { get; } = new(5185, "programs for storage not collected");
}
