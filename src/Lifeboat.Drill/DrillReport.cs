using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;
using Lifeboat.Drill.Verification;
using Lifeboat.Inspect;

namespace Lifeboat.Drill;

/// <summary>How a drill went. What was not reached is null or empty.</summary>
public sealed record DrillReport
{
    /// <summary>What was asked for.</summary>
    public required DrillOptions Options { get; init; }

    /// <summary>Why it failed; null when everything was reached and checked.</summary>
    public DrillFailure? Failure { get; init; }

    /// <summary>Whether a crash of this kernel would be captured.</summary>
    public bool Passed => Failure is null;

    /// <summary>The stages that were reached, in order.</summary>
    public required IReadOnlyList<DrillMilestone> Milestones { get; init; }

    /// <summary>The kernel that was rehearsed with.</summary>
    public KernelTree? Kernel { get; init; }

    /// <summary>The kernel's release, from its image.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>What ran the guest, and why.</summary>
    public AcceleratorChoice? Accelerator { get; init; }

    /// <summary>Bytes of the program.</summary>
    public ByteCount ProgramSize { get; init; }

    /// <summary>Bytes of the capture ramdisk, compressed.</summary>
    public ByteCount CaptureRamdiskSize { get; init; }

    /// <summary>What the guest recorded before it crashed.</summary>
    public GuestTruth? Truth { get; init; }

    /// <summary>What the capture recorded.</summary>
    public CaptureManifest? Manifest { get; init; }

    /// <summary>The other host's place that took the crash, which the drill does not read; null when its own disk did.</summary>
    public string? SavedElsewhere { get; init; }

    /// <summary>Whether the crash is sealed to keys that the drill has not, so that only its hashes were compared.</summary>
    public bool IsSealed { get; init; }

    /// <summary>How the known bytes came through.</summary>
    public IReadOnlyList<PatternResult> Patterns { get; init; } = [];

    /// <summary>The report that the capture kernel saved, as text and without the stacks of all tasks; empty when there is none.</summary>
    public IReadOnlyList<string> SavedReport { get; init; } = [];

    /// <summary>What the dump says.</summary>
    public CrashReport? Crash { get; init; }

    /// <summary>Where the dump was kept; null when it was not.</summary>
    public string? KeptIn { get; init; }

    /// <summary>The least memory that was available in the capture kernel; null when it did not get to say.</summary>
    public ByteCount? CaptureAvailable =>
        Manifest?.Memory.LowestAvailableBytes is { } bytes and >= 0 ? new ByteCount((ulong)bytes) : null;

    /// <summary>When the milestone was reached; null when it was not.</summary>
    public DrillMilestone? Find(DrillStage stage) => Milestones.FirstOrDefault(milestone => milestone.Stage == stage);

    /// <summary>The time between two milestones; null when either was not reached.</summary>
    public TimeSpan? Between(DrillStage from, DrillStage to) =>
        Find(from) is { } start && Find(to) is { } end ? end.At - start.At : null;
}
