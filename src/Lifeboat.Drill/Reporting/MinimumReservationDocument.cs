using Lifeboat.Core.IO;

namespace Lifeboat.Drill.Reporting;

/// <summary>The result of a search for the smallest reservation as a JSON document (docs/json.md).</summary>
public sealed record MinimumReservationDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Bytes of the smallest reservation that captured; absent when none did.</summary>
    public ulong? SmallestBytes { get; init; }

    /// <summary>The drills, in the order they were run.</summary>
    public required IReadOnlyList<TrialDocument> Trials { get; init; }

    /// <summary>The document of a result.</summary>
    public static MinimumReservationDocument From(MinimumReservation minimum) => new()
    {
        SmallestBytes = minimum.Smallest?.Value,
        Trials = [.. minimum.Trials.Select(trial => new TrialDocument(
            trial.Size.Value, trial.Failure is null, trial.Failure?.Stage.ToString(), trial.Failure?.What, trial.Available?.Value))],
    };

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => ReadableJson.ToText(this, DrillJsonContext.Default.MinimumReservationDocument);
}
