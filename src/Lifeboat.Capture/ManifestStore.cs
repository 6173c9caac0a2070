using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture;

/// <summary>Keeps the manifest on the target, and room for it when the target is full.</summary>
internal sealed class ManifestStore(CrashStore store, List<string> notices)
{
    private const int ReserveBytes = 64 << 10;

    // What is cut off the dump's end, in turn, when the target is so full that the reserve did not do.
    private static readonly long[] Cuts = [1 << 20, 16 << 20];

    /// <summary>
    /// Writes the manifest that stands if nothing follows, and sets room aside. A failure is a notice only: the final
    /// manifest may still fit.
    /// </summary>
    internal void SaveProvisional(CaptureManifest manifest)
    {
        if (!store.CanReplace)
        {
            return;
        }

        try
        {
            Replace(manifest with
            {
                Reason = "the capture did not finish: its kernel stopped, or lost power, while the dump was written",
                Notices = [.. notices],
            });
            store.Reserve(ReserveBytes);
        }
#pragma warning disable CA1031 // Whatever this is, the dump comes first.
        catch (Exception error)
#pragma warning restore CA1031
        {
            notices.Add($"no room is set aside for the manifest: {CaptureRun.Words(error)}");
        }
    }

    /// <summary>Writes the last manifest, at the cost of the dump's tail if it must be; returns its bytes.</summary>
    internal long SaveFinal(CaptureManifest manifest)
    {
        store.Release();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return Replace(manifest);
            }
            catch (IOException error) when (error.HResult == (int)Errno.ENOSPC && attempt < Cuts.Length && !manifest.Complete
                && store.Cut(DumpTier.FileOf(store), Cuts[attempt]))
            {
                manifest = manifest with { Tiers = [.. manifest.Tiers.Select(Measure)] };
            }
        }
    }

    private long Replace(CaptureManifest manifest)
    {
        if (store is SealedStore seal)
        {
            // Who cannot open it still sees what there is, and that it is whole.
            Write(seal.CreateOpen(CaptureManifest.FileName), manifest.WithoutContents());
        }

        return Write(store.Create(CaptureManifest.FileName), manifest);
    }

    private static long Write(CrashFileStream file, CaptureManifest manifest)
    {
        using (file)
        {
            file.Write(manifest.ToJson());
            return file.Commit().Bytes;
        }
    }

    private ManifestTier Measure(ManifestTier tier) => tier.Name == DumpTier.Name
        ? tier with { Bytes = store.Kept(DumpTier.FileOf(store)), Sha256 = null }
        : tier;
}
