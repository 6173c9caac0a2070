using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <summary>Programs of the host's, crash streams, and the targets that take one: numbers 5160 to 5179.</summary>
public static partial class CaptureDiagnostics
{
    /// <summary>A program that is to go into a ramdisk cannot, or a library of its is missing.</summary>
    public static DiagnosticId BadHostProgram { get; } = new(5160, "program of this machine unfit for a ramdisk");

    /// <summary>Something that is to be a crash stream is none.</summary>
    public static DiagnosticId NoCrashStream { get; } = new(5161, "no crash stream");

    /// <summary>A crash stream ends early, or cannot be read from a place on.</summary>
    public static DiagnosticId CrashStreamCut { get; } = new(5162, "crash stream cut short");

    /// <summary>A file that arrives is larger than it may be, or leaves too little room.</summary>
    public static DiagnosticId CrashTooLarge { get; } = new(5163, "crash too large to be kept");

    /// <summary>A disk or partition is in use, holds something, or is too small.</summary>
    public static DiagnosticId RawDeviceUnfit { get; } = new(5164, "device unfit for a crash");

    /// <summary>The far side of ssh refused, ended, stalled, or said what cannot be.</summary>
    public static DiagnosticId FarSideFailed { get; } = new(5165, "far side failed");

    /// <summary>The key of a host or of this machine for ssh is missing or none.</summary>
    public static DiagnosticId SshKeyUnfit { get; } = new(5166, "key for ssh missing or unfit");
}
