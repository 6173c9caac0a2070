using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <content>The network of the capture kernel, numbers 5100 to 5119.</content>
public static partial class CaptureDiagnostics
{
    /// <summary>The name of a target's host cannot be resolved, or is none.</summary>
    public static DiagnosticId HostNotResolved { get; } = new(5100, "host not resolved");

    /// <summary>The running machine has no way to a target's host.</summary>
    public static DiagnosticId NoRoute { get; } = new(5101, "no route to the target");

    /// <summary>The way to a target's host leads through something that a capture kernel cannot be given.</summary>
    public static DiagnosticId NetworkNotCarried { get; } = new(5102, "network that cannot be carried over");

    /// <summary>The network plan of a ramdisk is not understood.</summary>
    public static DiagnosticId BadNetworkPlan { get; } = new(5103, "damaged network plan");

    /// <summary>The network did not come up at the crash.</summary>
    public static DiagnosticId NetworkDown { get; } = new(5104, "network not up");

    /// <summary>The plan differs from what the running machine has, in a way that may matter.</summary>
    public static DiagnosticId NetworkDiffers { get; } = new(5105, "network carried over with a difference");

    /// <summary>The ramdisk has no plan of the way to a host.</summary>
    public static DiagnosticId NoNetworkPlan { get; } = new(5106, "no network plan");
}
