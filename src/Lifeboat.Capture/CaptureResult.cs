using Lifeboat.Capture.Manifest;

namespace Lifeboat.Capture;

/// <summary>What a capture came to.</summary>
/// <param name="Folder">Where the files are; null when no folder could be made.</param>
/// <param name="Manifest">What was saved, and how.</param>
public sealed record CaptureResult(string? Folder, CaptureManifest Manifest)
{
    /// <summary>Whether every tier was saved whole.</summary>
    public bool IsComplete => Manifest.Complete;
}
