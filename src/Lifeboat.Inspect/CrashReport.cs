using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands.Machine;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect;

/// <summary>What a dump says of the crash without any debugging information: which kernel, what happened, the log's end.</summary>
public sealed record CrashReport
{
    /// <summary>Lines of the log's end that a report shows.</summary>
    public const int DefaultTailLength = 20;

    // What led to it, and the kernel's own first lines of it.
    private const int LinesBefore = 4;
    private const int LinesAfter = 10;

    /// <summary>The dump's file.</summary>
    public required string Path { get; init; }

    /// <summary>The dump's format.</summary>
    public required string Format { get; init; }

    /// <summary>Whether the dump was not written to its end.</summary>
    public required bool IsIncomplete { get; init; }

    /// <summary>The level the dump was filtered at; null when it does not say.</summary>
    public required DumpLevel? Level { get; init; }

    /// <summary>Bytes of the dump's files; 0 where that means nothing, as with a running machine.</summary>
    public required ByteCount FileSize { get; init; }

    /// <summary>RAM of the machine, as the dump knows it.</summary>
    public required ByteCount Ram { get; init; }

    /// <summary>The kernel that crashed.</summary>
    public required KernelIdentity Kernel { get; init; }

    /// <summary>When it crashed by the machine's clock; null when VMCOREINFO does not say.</summary>
    public required DateTimeOffset? CrashTime { get; init; }

    /// <summary>What happened; null when the log tells of no crash.</summary>
    public required PanicSummary? Panic { get; init; }

    /// <summary>What each CPU was doing, the one that crashed first; empty when the dump lacks what leads there.</summary>
    public required IReadOnlyList<CpuStack> Stacks { get; init; }

    /// <summary>Where it happened; null when there is no crash, or no stack of it.</summary>
    public CrashSite? Site { get; init; }

    /// <summary>A name of the crash that is the same for the same bug; null when no stack is known.</summary>
    public string? Signature => Panic is not { } panic ? null
        : panic.Kind is PanicKind.Nmi or PanicKind.MachineCheck ? CrashSignature.Of(panic.Kind, panic.Message ?? panic.Cause ?? "")
        : Site is { } site ? CrashSignature.Of(panic.Kind, site.Frames) : null;

    /// <summary>Tasks that only what they wait for can wake (state D), the first of them.</summary>
    public IReadOnlyList<ReportTask> Blocked { get; init; } = [];

    /// <summary>How many of them there are.</summary>
    public int BlockedCount { get; init; }

    /// <summary>Every task, when they were asked for: the first two thousand of them.</summary>
    public IReadOnlyList<ReportTask> Tasks { get; init; } = [];

    /// <summary>How many tasks there are.</summary>
    public int TaskCount { get; init; }

    /// <summary>Loaded modules, the newest first.</summary>
    public IReadOnlyList<ReportModule> Modules { get; init; } = [];

    /// <summary>What memory was used for; null when that cannot be read.</summary>
    public MemoryUse? Memory { get; init; }

    /// <summary>The taint flags, each with its meaning; null when they cannot be read.</summary>
    public string? TaintMeaning { get; init; }

    /// <summary>Time since boot by the CPUs' clocks; null when they cannot be read.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>The load of 1, 5 and 15 minutes; empty when it cannot be read.</summary>
    public IReadOnlyList<double> Load { get; init; } = [];

    /// <summary>The lines of the log around the first one of the crash; empty when the log tells of none.</summary>
    public IReadOnlyList<string> LogAround { get; init; } = [];

    /// <summary>The whole log.</summary>
    public IReadOnlyList<LogRecord> Log { get; init; } = [];

    /// <summary>The last lines of the log, as dmesg prints them.</summary>
    public required IReadOnlyList<string> LogTail { get; init; }

    /// <summary>What is damaged or missing, and was worked around.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>Makes the report of an open dump. Damage in the dump gives diagnostics in the report, not an error.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="tailLength">How many of the log's last lines to give.</param>
    /// <param name="limits">What to believe of the dump; null for <see cref="DumpLimits.Default"/>.</param>
    /// <param name="readsStacks">Whether to look for what the kernel's own objects tell: stacks, tasks, modules, memory.</param>
    /// <param name="everyTask">Whether to unwind every task, and not only those that ran or were blocked.</param>
    /// <param name="files">Symbols and types out of files, for what the dump lacks; null for none.</param>
    public static CrashReport Create(
        DumpSource dump,
        int tailLength = DefaultTailLength,
        DumpLimits? limits = null,
        bool readsStacks = true,
        bool everyTask = false,
        KernelFiles? files = null)
    {
        KernelLog log = KernelLog.Read(dump, limits);
        PanicSummary? panic = PanicSummary.Find(log);
        List<Diagnostic> diagnostics = [.. dump.Diagnostics, .. log.Diagnostics];
        CrashScene? scene = readsStacks ? CrashScene.Read(dump, panic, everyTask, limits, files, diagnostics) : null;
        panic = scene?.Panic ?? panic;
        return new CrashReport
        {
            Path = dump.Path,
            Format = dump.FormatName,
            IsIncomplete = dump.IsIncomplete,
            Level = dump.HeaderLevel,
            FileSize = dump.FileSize ?? ByteCount.Zero,
            Ram = dump.RamRanges.Aggregate(ByteCount.Zero, (sum, range) => sum + range.Length),
            Kernel = KernelIdentity.Read(dump),
            CrashTime = CrashTimeOf(dump.Vmcoreinfo),
            Panic = panic,
            Site = scene?.Site,
            Stacks = scene?.Stacks ?? [],
            Blocked = scene?.Blocked ?? [],
            BlockedCount = scene?.BlockedCount ?? 0,
            TaskCount = scene?.TaskCount ?? 0,
            Tasks = scene?.Tasks ?? [],
            Modules = scene?.Modules ?? [],
            Memory = scene?.Memory,
            TaintMeaning = scene?.Taint is { } taint ? TaintLetters.Explain(taint) : null,
            Uptime = scene?.Uptime ?? panic?.Uptime,
            Load = scene?.Load ?? [],
            LogTail = [.. log.Records.TakeLast(tailLength).SelectMany(record => record.ToDmesgText().Split('\n')).TakeLast(tailLength)],
            LogAround = Around(log.Records, panic?.Sequence),
            Log = log.Records,
            Diagnostics = diagnostics,
        };
    }

    private static List<string> Around(IReadOnlyList<LogRecord> records, ulong? sequence)
    {
        var lines = new List<string>();
        for (int i = 0; i < records.Count && lines.Count < LinesBefore + LinesAfter; i++)
        {
            if (sequence is { } first && records[i].Sequence + LinesBefore >= first)
            {
                lines.AddRange(records[i].ToDmesgText().Split('\n'));
            }
        }

        return lines.Count > LinesBefore + LinesAfter ? lines[..(LinesBefore + LinesAfter)] : lines;
    }

    private static DateTimeOffset? CrashTimeOf(Vmcoreinfo info) =>
        info.TryGetText("CRASHTIME", out string? text) && long.TryParse(text, out long seconds)
            && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
