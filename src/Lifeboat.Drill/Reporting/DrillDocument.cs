using System.Text.Json;
using Lifeboat.Capture.Manifest;
using Lifeboat.Core.IO;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Verification;
using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Drill.Reporting;

/// <summary>A drill's report as a JSON document (docs/json.md).</summary>
public sealed record DrillDocument
{
    /// <summary>The version of this document's shape; raised when a field changes its meaning or goes.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Whether everything was reached and checked.</summary>
    public required bool Passed { get; init; }

    /// <summary>The exit code: 0, or the number of the stage that failed.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Why it failed; absent when it passed.</summary>
    public FailureDocument? Failure { get; init; }

    /// <summary>The kernel's release.</summary>
    public string? Kernel { get; init; }

    /// <summary>Where the kernel came from.</summary>
    public string? KernelOrigin { get; init; }

    /// <summary>What ran the guest: Kvm or Emulation.</summary>
    public string? Accelerator { get; init; }

    /// <summary>Why that.</summary>
    public string? AcceleratorReason { get; init; }

    /// <summary>Bytes of the guest's memory.</summary>
    public required ulong MemoryBytes { get; init; }

    /// <summary>The guest's processors.</summary>
    public required int Cpus { get; init; }

    /// <summary>Bytes reserved for the capture kernel.</summary>
    public required ulong CrashKernelBytes { get; init; }

    /// <summary>The stages reached, in order.</summary>
    public required IReadOnlyList<MilestoneDocument> Milestones { get; init; }

    /// <summary>Seconds from the panic until the log was durable; absent when it never was.</summary>
    public double? PanicToLogSeconds { get; init; }

    /// <summary>Seconds from the panic until the dump was durable; absent when it never was.</summary>
    public double? PanicToDumpSeconds { get; init; }

    /// <summary>Bytes of the static program.</summary>
    public required ulong ProgramBytes { get; init; }

    /// <summary>Bytes of the capture ramdisk, compressed.</summary>
    public required ulong CaptureRamdiskBytes { get; init; }

    /// <summary>The segments that were loaded.</summary>
    public IReadOnlyList<LoadedSegment>? Segments { get; init; }

    /// <summary>The capture's own manifest.</summary>
    public CaptureManifest? Manifest { get; init; }

    /// <summary>How the known bytes came through.</summary>
    public required IReadOnlyList<PatternResult> Patterns { get; init; }

    /// <summary>What the dump says, as <c>lifeboat inspect --json</c> has it.</summary>
    public JsonDocument? Crash { get; init; }

    /// <summary>Where the dump was kept.</summary>
    public string? KeptIn { get; init; }

    /// <summary>The other host's place that took the crash, which was not read back; null when the drill's disk did.</summary>
    public string? SavedElsewhere { get; init; }

    /// <summary>Whether the crash is sealed, so that only sizes and hashes were compared.</summary>
    public bool Sealed { get; init; }

    /// <summary>The document of a report.</summary>
    public static DrillDocument From(DrillReport report) => new()
    {
        Passed = report.Passed,
        ExitCode = report.Failure is { } failure ? (int)failure.Stage : 0,
        Failure = report.Failure is null ? null : FailureDocument.From(report.Failure),
        Kernel = report.KernelRelease,
        KernelOrigin = report.Kernel?.Origin,
        Accelerator = report.Accelerator?.Accelerator.ToString(),
        AcceleratorReason = report.Accelerator?.Reason,
        MemoryBytes = report.Options.Memory.Value,
        Cpus = report.Options.Cpus,
        CrashKernelBytes = report.Options.CrashKernel.Value,
        Milestones = [.. report.Milestones.Select(milestone => new MilestoneDocument(
            milestone.Stage.ToString(), milestone.At.TotalSeconds, milestone.Took.TotalSeconds, milestone.Detail))],
        PanicToLogSeconds = report.Between(DrillStage.Panic, DrillStage.LogSaved)?.TotalSeconds,
        PanicToDumpSeconds = report.Between(DrillStage.Panic, DrillStage.DumpSaved)?.TotalSeconds,
        ProgramBytes = report.ProgramSize.Value,
        CaptureRamdiskBytes = report.CaptureRamdiskSize.Value,
        Segments = report.Truth?.Segments,
        Manifest = report.Manifest,
        Patterns = report.Patterns,
        Crash = report.Crash is null ? null : CrashReportDocument.From(report.Crash).ToJsonDocument(),
        KeptIn = report.KeptIn,
        SavedElsewhere = report.SavedElsewhere,
        Sealed = report.IsSealed,
    };

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => ReadableJson.ToText(this, DrillJsonContext.Default.DrillDocument);
}
