using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Capture;

/// <summary>What to send to the console, and why.</summary>
internal sealed class ConsoleRescueRequest
{
    /// <summary>The capture that failed.</summary>
    internal required CaptureRequest Capture { get; init; }

    /// <summary>Why nothing was saved.</summary>
    internal required string Reason { get; init; }

    /// <summary>How far the capture came; null when it did not begin.</summary>
    internal CaptureManifest? Manifest { get; init; }

    /// <summary>Whom everything that goes out is sealed to; null when it goes out as it is.</summary>
    internal IReadOnlyList<AgeRecipient>? SealTo { get; init; }

    /// <summary>How long the report may take; nothing or less is no time.</summary>
    internal TimeSpan TimeForReport { get; init; } = TimeSpan.FromMinutes(1);
}
