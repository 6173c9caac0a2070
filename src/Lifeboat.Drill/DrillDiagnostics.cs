using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Drill;

/// <summary>The kinds of diagnostics of this room.</summary>
public static class DrillDiagnostics
{
    /// <summary>A program that a drill needs is not on this machine.</summary>
    public static readonly DiagnosticId ToolMissing = new(6001, "tool missing");

    /// <summary>A program that a drill needs ended with an error.</summary>
    public static readonly DiagnosticId ToolFailed = new(6002, "tool failed");

    /// <summary>There is no kernel to rehearse with.</summary>
    public static readonly DiagnosticId NoKernel = new(6003, "no kernel");

    /// <summary>The kernel was built without something that a crash capture needs.</summary>
    public static readonly DiagnosticId KernelLacksFeature = new(6004, "kernel lacks feature");

    /// <summary>What the guest saved cannot be read.</summary>
    public static readonly DiagnosticId NoTruth = new(6005, "guest's own record missing");

    /// <summary>The guest's debugger port answered something else than was asked.</summary>
    public static readonly DiagnosticId DebuggerProtocol = new(6006, "debugger protocol");

    /// <summary>A kernel's modules do not tell enough to make another.</summary>
    public static readonly DiagnosticId NoCrashModule = new(6007, "no module that crashes");

    /// <summary>A guest's network has no way to a host.</summary>
    public static readonly DiagnosticId NoGuestRoute = new(6008, "no way from a guest to a host");
}
