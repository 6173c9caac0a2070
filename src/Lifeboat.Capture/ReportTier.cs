using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture;

/// <summary>The second tier: what happened, explained in the capture kernel, should the dump never come to its end.</summary>
/// <remarks>A report that fails does not make the capture incomplete: it can be made of the dump at any time.</remarks>
internal sealed class ReportTier(CaptureSteps steps, CaptureReporter reporter, TimeProvider time)
{
    internal const string Name = "report";

    private static readonly string[] Files = [CaptureRun.ReportDocument, CaptureRun.ReportText, "report.html"];

    /// <summary>The tier's files before anything is done.</summary>
    internal static List<ManifestTier> Planned(CrashStore store)
    {
        var tiers = new List<ManifestTier>(Files.Length);
        foreach (string file in Files)
        {
            tiers.Add(new ManifestTier { Name = Name, File = store.NameOf(file) });
        }

        return tiers;
    }

    /// <summary>Has the report made, and makes its files durable.</summary>
    /// <param name="program">The program that makes it.</param>
    /// <param name="request">What of, and where it is made for a store that is no folder.</param>
    /// <param name="store">Where its files belong.</param>
    internal List<ManifestTier> Save(string program, CaptureRequest request, CrashStore store)
    {
        var clock = new TierClock(time);
        string folder = store.Folder ?? request.WorkFolder;
        string? error = null;
        try
        {
            Directory.CreateDirectory(folder);
            error = steps.MakeSomeReport(program, request.Vmcore, folder, request.Budget.ReportTime, reporter.Note);
        }
#pragma warning disable CA1031 // A report that is lost must not cost the dump.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            error = CaptureRun.Words(failure);
        }

        // Its maker says only that it failed, not in which file: any of them may end early.
        string? cut = error;
        List<ManifestTier> tiers = Planned(store);
        long bytes = 0;
        for (int i = 0; i < tiers.Count; i++)
        {
            tiers[i] = Keep(tiers[i], Path.Combine(folder, Files[i]), store, ref error) with { Seconds = clock.Seconds };
            if (cut is not null && tiers[i].Status == TierStatus.Saved)
            {
                tiers[i] = tiers[i] with { Status = TierStatus.Partial, Error = cut };
            }

            bytes += tiers[i].Bytes ?? 0;
        }

        if (error is null)
        {
            reporter.Milestone(CaptureMilestone.ReportDurable, $"{tiers[0].File} and {tiers.Count - 1} more, {bytes} bytes");
        }
        else
        {
            reporter.Note($"the report is not saved whole: {error}");
        }

        return tiers;
    }

    private static ManifestTier Keep(ManifestTier tier, string path, CrashStore store, ref string? error)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            if (store.Folder is null)
            {
                return Send(tier, stream, Path.GetFileName(path), store);
            }

            string hash = DurableFile.HashAndFlush(stream);
            FolderSync.Run(store.Folder);
            return tier with { Status = TierStatus.Saved, Bytes = stream.Length, Sha256 = hash };
        }
#pragma warning disable CA1031 // A report that is lost must not cost the dump.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            error ??= CaptureRun.Words(failure);
            return tier with { Status = TierStatus.Failed, Error = error };
        }
        finally
        {
            if (store.Folder is null)
            {
                File.Delete(path);
            }
        }
    }

    private static ManifestTier Send(ManifestTier tier, FileStream content, string name, CrashStore store)
    {
        using CrashFileStream file = store.Create(name);
        content.CopyTo(file);
        StoredFile stored = file.Commit();
        return tier with { Status = TierStatus.Saved, File = stored.Name, Bytes = stored.Bytes, Sha256 = stored.Sha256 };
    }
}
