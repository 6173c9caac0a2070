using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Streams;

/// <summary>A manifest that came with its files, made to say what became of them on the way.</summary>
internal static class ArrivedManifest
{
    /// <summary>The manifest with the names, sizes and hashes of the files as they were laid down.</summary>
    /// <param name="json">The manifest as it came; what is none stays as it is.</param>
    /// <param name="files">The files; of a name that came twice the last holds.</param>
    /// <param name="problem">Why not everything came; null when it did, or may still come.</param>
    internal static byte[] Update(byte[] json, IReadOnlyList<UnpackedFile> files, string? problem)
    {
        try
        {
            var manifest = CaptureManifest.Parse(json, CaptureManifest.FileName);
            bool isChanged = false;
            var tiers = new ManifestTier[manifest.Tiers.Count];
            for (int i = 0; i < tiers.Length; i++)
            {
                tiers[i] = Update(manifest.Tiers[i], files);
                isChanged |= tiers[i] != manifest.Tiers[i];
            }

            if (problem is not null && manifest.Complete)
            {
                manifest = manifest with { Complete = false, Reason = problem };
                isChanged = true;
            }

            return isChanged ? (manifest with { Tiers = tiers }).ToJson() : json;
        }
        catch (DiagnosticException)
        {
            // One of a newer program, or damaged: kept for whoever can read it.
            return json;
        }
    }

    private static ManifestTier Update(ManifestTier tier, IReadOnlyList<UnpackedFile> files)
    {
        for (int i = files.Count - 1; i >= 0; i--)
        {
            UnpackedFile file = files[i];
            if (tier.File != file.Name && tier.File != file.StoredAs)
            {
                continue;
            }

            return file.Problem is null
                ? tier.Status == TierStatus.Saved ? tier with { File = file.StoredAs, Bytes = file.Bytes, Sha256 = file.Sha256 } : tier with { File = file.StoredAs }
                : tier with { File = file.StoredAs, Status = TierStatus.Partial, Bytes = file.Bytes, Sha256 = null, Error = tier.Error ?? file.Problem };
        }

        return tier;
    }
}
