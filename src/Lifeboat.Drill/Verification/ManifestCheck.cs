using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Drill.Verification;

/// <summary>Compares the files of a dump's folder with its manifest: there, of that size, with that SHA-256.</summary>
internal static class ManifestCheck
{
    /// <summary>What does not agree, in words; null when everything does.</summary>
    public static string? FirstMismatch(string folder, CaptureManifest manifest)
    {
        foreach (ManifestTier tier in manifest.Tiers)
        {
            // A name with folders in it would lead out of the dump's own.
            string path = Path.Combine(folder, Path.GetFileName(tier.File));
            if (Path.GetFileName(tier.File) != tier.File || !File.Exists(path))
            {
                return $"the manifest names {tier.File}, which is not there";
            }

            using FileStream file = File.OpenRead(path);
            if (tier.Bytes is { } bytes && file.Length != bytes)
            {
                return $"{tier.File} has {file.Length} bytes, the manifest says {bytes}";
            }

            if (tier.Sha256 is { } digest && Convert.ToHexStringLower(Sha256.HashData(file)) != digest)
            {
                return $"the SHA-256 of {tier.File} is not the one in the manifest: it changed after it was saved";
            }
        }

        return null;
    }
}
