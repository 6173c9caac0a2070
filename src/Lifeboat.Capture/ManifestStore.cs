using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture;

/// <summary>Keeps the manifest on the target, and room for it when the target is full.</summary>
internal sealed class ManifestStore(CaptureSteps steps, DumpFolder folder, List<string> notices)
{
    private const string ReserveFile = ".reserve";
    private const string NewFile = CaptureManifest.FileName + ".new";
    private const int ReserveBytes = 64 << 10;

    // What is cut off the dump's end, in turn, when the target is so full that the reserve did not do.
    private static readonly long[] Cuts = [1 << 20, 16 << 20];

    /// <summary>
    /// Writes the manifest that stands if nothing follows, and sets room aside. A failure is a notice only: the final
    /// manifest may still fit.
    /// </summary>
    internal void SaveProvisional(CaptureManifest manifest)
    {
        try
        {
            Replace(manifest with
            {
                Reason = "the capture did not finish: its kernel stopped, or lost power, while the dump was written",
                Notices = [.. notices],
            });
            Write(ReserveFile, new byte[ReserveBytes]);
            folder.Sync();
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
        File.Delete(folder.Combine(ReserveFile));
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return Replace(manifest);
            }
            catch (IOException error) when (error.HResult == (int)Errno.ENOSPC && attempt < Cuts.Length && !manifest.Complete
                && CutDump(Cuts[attempt]))
            {
                manifest = manifest with { Tiers = [.. manifest.Tiers.Select(Measure)] };
            }
        }
    }

    private long Replace(CaptureManifest manifest)
    {
        byte[] json = manifest.ToJson();
        Write(NewFile, json);
        File.Move(folder.Combine(NewFile), folder.Combine(CaptureManifest.FileName), overwrite: true);
        folder.Sync();
        return json.Length;
    }

    private void Write(string file, ReadOnlySpan<byte> content)
    {
        using Stream stream = steps.CreateFile(folder.Combine(file));
        stream.Write(content);
        DurableFile.Flush(stream);
    }

    private bool CutDump(long bytes)
    {
        string path = folder.Combine(CaptureRun.DumpFile);
        if (!File.Exists(path))
        {
            return false;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(Math.Max(0, stream.Length - bytes));
        stream.Flush(flushToDisk: true);
        return true;
    }

    private ManifestTier Measure(ManifestTier tier) => tier.Name == DumpTier.Name
        ? tier with { Bytes = new FileInfo(folder.Combine(tier.File)).Length, Sha256 = null }
        : tier;
}
