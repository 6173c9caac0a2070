using System.Text.Json;
using Lifeboat.Core.IO;

namespace Lifeboat.Inspect.Reporting;

/// <summary>A crash report as a JSON document (docs/json.md): plain numbers, so that nobody has to parse text.</summary>
public sealed record CrashReportDocument
{
    /// <summary>The version of this document's shape; raised when a field changes its meaning or goes.</summary>
    public int Schema { get; init; } = 2;

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

    /// <summary>The kind of crash, one of <see cref="Lifeboat.Kernel.PanicKind"/>.</summary>
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

    /// <summary>The taint flags, each with its meaning.</summary>
    public string? TaintMeaning { get; init; }

    /// <summary>Where it happened.</summary>
    public CrashSite? Site { get; init; }

    /// <summary>Where the kernel was executing.</summary>
    public string? InstructionPointer { get; init; }

    /// <summary>Seconds since boot.</summary>
    public double? UptimeSeconds { get; init; }

    /// <summary>A name of the crash that is the same for the same bug.</summary>
    public string? Signature { get; init; }

    /// <summary>What each CPU was doing, the one that crashed first.</summary>
    public required IReadOnlyList<CpuStack> Stacks { get; init; }

    /// <summary>How many tasks were blocked (state D).</summary>
    public int BlockedCount { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<ReportTask>? Blocked { get; init; }

    /// <summary>How many tasks there are.</summary>
    public int TaskCount { get; init; }

    /// <summary>The first two thousand of them, when they were asked for.</summary>
    public IReadOnlyList<ReportTask>? Tasks { get; init; }

    /// <summary>Loaded modules, the newest first.</summary>
    public IReadOnlyList<ReportModule>? Modules { get; init; }

    /// <summary>What memory was used for.</summary>
    public MemoryDocument? Memory { get; init; }

    /// <summary>The load of 1, 5 and 15 minutes.</summary>
    public string? LoadAverage { get; init; }

    /// <summary>The log's lines around the first one of the crash.</summary>
    public IReadOnlyList<string>? LogAround { get; init; }

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
        TaintMeaning = report.TaintMeaning,
        Site = report.Site,
        InstructionPointer = report.Panic?.InstructionPointer,
        UptimeSeconds = (report.Panic?.Uptime ?? report.Uptime)?.TotalSeconds,
        Signature = report.Signature,
        Stacks = report.Stacks,
        BlockedCount = report.BlockedCount,
        TaskCount = report.TaskCount,
        Blocked = AnyOf(report.Blocked),
        Tasks = AnyOf(report.Tasks),
        Modules = AnyOf(report.Modules),
        Memory = report.Memory is { } memory ? MemoryDocument.From(memory) : null,
        LoadAverage = LoadText.Of(report.Load),
        LogAround = AnyOf(report.LogAround),
        LogTail = report.LogTail,
        Diagnostics = [.. report.Diagnostics.Select(diagnostic => diagnostic.ToString())],
    };

    private static IReadOnlyList<T>? AnyOf<T>(IReadOnlyList<T> list)
        where T : class => list.Count > 0 ? list : null;

    /// <summary>The document for another one to hold.</summary>
    public JsonDocument ToJsonDocument() =>
        JsonDocument.Parse(ReadableJson.ToBytes(this, InspectJsonContext.Default.CrashReportDocument));

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => ReadableJson.ToText(this, InspectJsonContext.Default.CrashReportDocument);
}
