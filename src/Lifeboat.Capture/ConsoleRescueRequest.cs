using Lifeboat.Capture.Manifest;

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

    /// <summary>How long the report may take; nothing or less is no time.</summary>
    internal TimeSpan TimeForReport { get; init; } = ReportProcess.Limit;
}
