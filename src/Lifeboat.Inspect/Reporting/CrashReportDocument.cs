using System.Text.Json;

namespace Lifeboat.Inspect.Reporting;

/// <summary>A crash report as a JSON document (docs/json.md): plain numbers, so that nobody has to parse text.</summary>
public sealed record CrashReportDocument
{
    /// <summary>The version of this document's shape; raised when a field changes its meaning or goes.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The dump's file.</summary>
    public required string Dump { get; init; }

    /// <summary>The dump's format.</summary>
    public required string Format { get; init; }

    /// <summary>Whether the dump was not written to its end.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>The level it was filtered at; absent when it does not say.</summary>
    public int? DumpLevel { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required ulong FileBytes { get; init; }

    /// <summary>Bytes of the machine's RAM.</summary>
    public required ulong RamBytes { get; init; }

    /// <summary>What <c>uname -r</c> said.</summary>
    public string? Release { get; init; }

    /// <summary>What <c>uname -v</c> said.</summary>
    public string? Version { get; init; }

    /// <summary>What <c>uname -m</c> said.</summary>
    public string? Machine { get; init; }

    /// <summary>The host's name.</summary>
    public string? Host { get; init; }

    /// <summary>When it crashed, by the machine's clock.</summary>
    public DateTimeOffset? CrashTime { get; init; }

    /// <summary>The kind of crash: Sysrq, NullDereference, Oops, Bug, HungTask, Lockup, OutOfMemory, Other.</summary>
    public string? Kind { get; init; }

    /// <summary>The kernel's message.</summary>
    public string? Message { get; init; }

    /// <summary>The line that began it, before the panic: an oops, a BUG, a lockup.</summary>
    public string? Cause { get; init; }

    /// <summary>The CPU it happened on.</summary>
    public int? Cpu { get; init; }

    /// <summary>The task that was running.</summary>
    public int? Pid { get; init; }

    /// <summary>The name of the task that was running.</summary>
    public string? Command { get; init; }

    /// <summary>The taint flags, as the kernel prints them.</summary>
    public string? Taint { get; init; }

    /// <summary>Where the kernel was executing.</summary>
    public string? InstructionPointer { get; init; }

    /// <summary>Seconds since boot.</summary>
    public double? UptimeSeconds { get; init; }

    /// <summary>A name of the crash that is the same for the same bug.</summary>
    public string? Signature { get; init; }

    /// <summary>What each CPU was doing, the one that crashed first.</summary>
    public required IReadOnlyList<CpuStack> Stacks { get; init; }

    /// <summary>The log's last lines.</summary>
    public required IReadOnlyList<string> LogTail { get; init; }

    /// <summary>What is damaged or missing.</summary>
    public required IReadOnlyList<string> Diagnostics { get; init; }

    /// <summary>The document of a report.</summary>
    public static CrashReportDocument From(CrashReport report) => new()
    {
        Dump = report.Path,
        Format = report.Format,
        Incomplete = report.IsIncomplete,
        DumpLevel = (int?)report.Level,
        FileBytes = report.FileSize.Value,
        RamBytes = report.Ram.Value,
        Release = report.Kernel.Release,
        Version = report.Kernel.Version,
        Machine = report.Kernel.Machine,
        Host = report.Kernel.NodeName,
        CrashTime = report.CrashTime,
        Kind = report.Panic?.Kind.ToString(),
        Message = report.Panic?.Message,
        Cause = report.Panic?.Cause,
        Cpu = report.Panic?.Cpu,
        Pid = report.Panic?.Pid,
        Command = report.Panic?.Command,
        Taint = report.Panic?.Taint,
        InstructionPointer = report.Panic?.InstructionPointer,
        UptimeSeconds = report.Panic?.Uptime?.TotalSeconds,
        Signature = report.Signature,
        Stacks = report.Stacks,
        LogTail = report.LogTail,
        Diagnostics = [.. report.Diagnostics.Select(diagnostic => diagnostic.ToString())],
    };

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, InspectJsonContext.Readable.CrashReportDocument);
}
