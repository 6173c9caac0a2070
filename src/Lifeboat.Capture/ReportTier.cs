using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture;

/// <summary>The second tier: what happened, explained in the capture kernel, should the dump never come to its end.</summary>
/// <remarks>A report that fails does not make the capture incomplete: it can be made of the dump at any time.</remarks>
internal sealed class ReportTier(CaptureSteps steps, CaptureReporter reporter, TimeProvider time)
{
    internal const string Name = "report";

    private static readonly string[] Files = [CaptureRun.ReportDocument, CaptureRun.ReportText, "report.html"];

    /// <summary>The tier's files before anything is done.</summary>
    internal static List<ManifestTier> Planned()
    {
        var tiers = new List<ManifestTier>(Files.Length);
        foreach (string file in Files)
        {
            tiers.Add(new ManifestTier { Name = Name, File = file });
        }

        return tiers;
    }

    /// <summary>Has the report made, and makes its files durable.</summary>
    /// <param name="program">The program that makes it.</param>
    /// <param name="vmcore">What of.</param>
    /// <param name="folder">Where its files belong.</param>
    internal List<ManifestTier> Save(string program, string vmcore, DumpFolder folder)
    {
        var clock = new TierClock(time);
        string? error = null;
        try
        {
            error = steps.MakeReport(program, vmcore, folder.Path);
        }
#pragma warning disable CA1031 // A report that is lost must not cost the dump.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            error = CaptureRun.Words(failure);
        }

        List<ManifestTier> tiers = Planned();
        long bytes = 0;
        for (int i = 0; i < tiers.Count; i++)
        {
            tiers[i] = Keep(tiers[i], folder, ref error) with { Seconds = clock.Seconds };
            bytes += tiers[i].Bytes ?? 0;
        }

        if (error is null)
        {
            reporter.Milestone(CaptureMilestone.ReportDurable, $"{Files[0]} and {Files.Length - 1} more, {bytes} bytes");
        }
        else
        {
            reporter.Note($"the report is not saved whole: {error}");
        }

        return tiers;
    }

    private static ManifestTier Keep(ManifestTier tier, DumpFolder folder, ref string? error)
    {
        string path = folder.Combine(tier.File);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            string hash = DurableFile.HashAndFlush(stream);
            folder.Sync();
            return tier with { Status = TierStatus.Saved, Bytes = stream.Length, Sha256 = hash };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error ??= failure.Message;
            return tier with { Status = TierStatus.Failed, Error = error };
        }
    }
}
