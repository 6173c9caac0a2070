using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect;

/// <summary>What a dump says of the crash without any debugging information: which kernel, what happened, the log's end.</summary>
public sealed record CrashReport
{
    /// <summary>Lines of the log's end that a report shows.</summary>
    public const int DefaultTailLength = 20;

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

    /// <summary>A name of the crash that is the same for the same bug; null when no stack is known.</summary>
    public string? Signature => Panic is { } panic && Stacks.Count > 0 ? CrashSignature.Of(panic.Kind, Stacks[0].Frames) : null;

    /// <summary>The last lines of the log, as dmesg prints them.</summary>
    public required IReadOnlyList<string> LogTail { get; init; }

    /// <summary>What is damaged or missing, and was worked around.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>Makes the report of an open dump. Damage in the dump gives diagnostics in the report, not an error.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="tailLength">How many of the log's last lines to give.</param>
    /// <param name="limits">What to believe of the dump; null for <see cref="DumpLimits.Default"/>.</param>
    /// <param name="readsStacks">Whether to look for what the CPUs were doing.</param>
    /// <param name="files">Symbols and types out of files, for what the dump lacks; null for none.</param>
    public static CrashReport Create(
        DumpSource dump,
        int tailLength = DefaultTailLength,
        DumpLimits? limits = null,
        bool readsStacks = true,
        KernelFiles? files = null)
    {
        KernelLog log = KernelLog.Read(dump, limits);
        PanicSummary? panic = PanicSummary.Find(log);
        List<Diagnostic> diagnostics = [.. dump.Diagnostics, .. log.Diagnostics];
        List<CpuStack> stacks = readsStacks ? CrashStacks.Find(dump, panic?.Cpu, limits, files, diagnostics) : [];
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
            Stacks = stacks,
            LogTail = [.. log.Records.TakeLast(tailLength).SelectMany(record => record.ToDmesgText().Split('\n')).TakeLast(tailLength)],
            Diagnostics = diagnostics,
        };
    }

    private static DateTimeOffset? CrashTimeOf(Vmcoreinfo info) =>
        info.TryGetText("CRASHTIME", out string? text) && long.TryParse(text, out long seconds)
            && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
