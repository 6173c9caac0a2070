using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kernel;

/// <summary>The kinds of diagnostics that this room gives.</summary>
public static class KernelDiagnosticIds
{
    /// <summary>The log's place or layout is not known.</summary>
    public static DiagnosticId NoLog { get; } = new(3001, "no kernel log");

    /// <summary>A part of the log cannot be read.</summary>
    public static DiagnosticId UnreadableLog { get; } = new(3002, "unreadable kernel log");

    /// <summary>The log's ring contradicts itself.</summary>
    public static DiagnosticId DamagedLog { get; } = new(3003, "damaged kernel log");

    /// <summary>Something that is to be erased could not be found, or not all of it.</summary>
    public static DiagnosticId NotErased { get; } = new(3004, "not erased");
}
