using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Settings;

/// <summary>How much a capture may take: time, and room on a target.</summary>
public sealed record CaptureBudget
{
    /// <summary>How long the report may take; then it is given up, and the dump begins.</summary>
    public TimeSpan ReportTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the dump may take; then what is there is kept as incomplete. Null for no limit but the deadline.</summary>
    public TimeSpan? DumpTime { get; init; }

    /// <summary>The most that the dump may have; null for what the target has.</summary>
    public ByteCount? MaxSize { get; init; }

    /// <summary>The room that must remain on a filesystem.</summary>
    public ByteCount KeepFree { get; init; }

    /// <summary>Whether a dump that does not fit is begun anew at a higher level, as often as there is one.</summary>
    public bool RaisesLevel { get; init; } = true;

    /// <summary>How many crashes of this host a folder keeps, the new one counted; null for all.</summary>
    public int? KeepDumps { get; init; }

    /// <summary>For how many days a folder keeps a crash of this host; null for ever.</summary>
    public int? KeepDays { get; init; }
}
