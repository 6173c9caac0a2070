using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Manifest;

/// <summary>Compares the files of a dump's folder with its manifest: there, of that size, with that SHA-256.</summary>
public static class ManifestCheck
{
    /// <summary>What does not agree, in words; null when everything does.</summary>
    /// <param name="folder">The folder of the dump.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string? FirstMismatch(string folder, CaptureManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        foreach (ManifestTier tier in manifest.Tiers)
        {
            if (Mismatch(folder, tier) is { } mismatch)
            {
                return mismatch;
            }
        }

        return null;
    }

    /// <summary>The same for the file of one tier.</summary>
    /// <param name="folder">The folder of the dump.</param>
    /// <param name="tier">The tier, of the folder's manifest.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Mismatch(string folder, ManifestTier tier)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tier);

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

        return tier.Sha256 is { } digest && Convert.ToHexStringLower(Sha256.HashData(file)) != digest
            ? $"the SHA-256 of {tier.File} is not the one in the manifest: it changed after it was saved"
            : null;
    }
}
