using Lifeboat.Capture.Manifest;

namespace Lifeboat.Capture;

/// <summary>What a capture came to.</summary>
/// <param name="Location">Where the files are: a folder, a URL; null when the target has no place for them.</param>
/// <param name="Manifest">What was saved, and how.</param>
public sealed record CaptureResult(string? Location, CaptureManifest Manifest)
{
    /// <summary>Whether every tier was saved whole.</summary>
    public bool IsComplete => Manifest.Complete;

    /// <summary>Whether any tier was saved whole.</summary>
    public bool HasSaved
    {
        get
        {
            foreach (ManifestTier tier in Manifest.Tiers)
            {
                if (tier.Status == TierStatus.Saved)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
