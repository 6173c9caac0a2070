using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Output;

/// <summary>Checks the folder of a crash: every file by its manifest, and the dump page by page where it is not sealed.</summary>
internal static class CrashVerification
{
    private const string DumpTier = "dump";
    private const string ReportTier = "report";
    private const string SealedFormat = "sealed";

    public static VerifyDocument Run(
        string folder, RedactionRequest? redaction, IProgress<DumpProgress>? progress, CancellationToken cancellation)
    {
        var manifest = CaptureManifest.Load(Path.Combine(folder, CaptureManifest.FileName));
        string? dump = DumpOf(folder, manifest);
        var compared = new List<string>();
        var wrong = new List<string>();
        var notices = new List<string>();
        foreach (ManifestTier tier in manifest.Tiers)
        {
            string path = Path.Combine(folder, Path.GetFileName(tier.File));
            if (tier.Status != TierStatus.Saved)
            {
                (tier.Name == ReportTier ? notices : wrong).Add($"{tier.File} was not saved whole: {tier.Error ?? "the capture did not come to it"}");
            }
            else if (path != dump)
            {
                // The dump's own check compares it, too.
                cancellation.ThrowIfCancellationRequested();
                compared.Add(path);
                if (ManifestCheck.Mismatch(folder, tier) is { } mismatch)
                {
                    wrong.Add(mismatch);
                }
            }
        }

        if (!manifest.Complete && wrong.Count == 0)
        {
            wrong.Add(manifest.Reason ?? "the capture did not save everything");
        }

        VerifyDocument? pages = dump is null ? null : DumpVerification.Run([dump], redaction, progress, cancellation);
        if (dump is null && redaction is not null)
        {
            wrong.Add("nothing is proven of what was erased: there is no dump that can be opened here");
        }

        return new VerifyDocument
        {
            Dumps = [folder],
            Format = pages?.Format ?? SealedFormat,
            PagesRead = pages?.PagesRead ?? 0,
            Faults = pages?.Faults ?? 0,
            FirstFault = pages?.FirstFault,
            InManifest = [.. compared, .. pages?.InManifest ?? []],
            Redaction = pages?.Redaction,
            Wrong = [.. wrong, .. pages?.Wrong ?? []],
            Notices = [.. notices, .. pages?.Notices ?? []],
        };
    }

    // Null when nobody can open it: it is sealed, or not there.
    private static string? DumpOf(string folder, CaptureManifest manifest)
    {
        foreach (ManifestTier tier in manifest.Tiers)
        {
            // A name with folders in it would lead out of the crash's own.
            string path = Path.Combine(folder, Path.GetFileName(tier.File));
            if (tier.Name == DumpTier && tier.Bytes > 0 && !tier.File.EndsWith(SealedStore.Suffix, StringComparison.Ordinal) && File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
