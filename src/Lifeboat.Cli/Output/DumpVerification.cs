using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Output;

/// <summary>Puts together what the rooms below say of a dump: its pages, its headers, its manifest.</summary>
internal static class DumpVerification
{
    public static VerifyDocument Run(
        IReadOnlyList<string> files, RedactionRequest? redaction, IProgress<DumpProgress>? progress, CancellationToken cancellation)
    {
        if (files.Count == 1 && Directory.Exists(files[0]))
        {
            return CrashVerification.Run(files[0], redaction, progress, cancellation);
        }

        using DumpSource dump = DumpInput.Open(files, temporaryFolder: null, cancellation);
        var wrong = new List<string>();
        var notices = new List<string>();
        DumpCheckResult pages = DumpCheck.Run(dump, progress, cancellation);
        foreach (Diagnostic diagnostic in dump.Diagnostics)
        {
            // What this program does not understand may be sound all the same.
            (diagnostic.Id == VmcoreDiagnosticIds.Unsupported ? notices : wrong).Add(diagnostic.ToString());
        }

        foreach (Diagnostic contradiction in pages.Contradictions)
        {
            wrong.Add(contradiction.ToString());
        }

        if (dump.IsIncomplete && wrong.Count == 0)
        {
            wrong.Add("the dump was not written to its end");
        }

        if (pages.Faults > 0)
        {
            wrong.Add($"{pages.Faults} of {pages.PagesRead + pages.Faults} pages cannot be read, the first: {pages.FirstFault}");
        }

        RedactionDocument? redacted = redaction is null ? null : RedactionVerification.Run(dump, redaction, wrong, cancellation);
        return new VerifyDocument
        {
            Dumps = files,
            Format = dump.FormatName,
            PagesRead = pages.PagesRead,
            Faults = pages.Faults,
            FirstFault = pages.Faults > 0 ? pages.FirstFault.ToString() : null,
            InManifest = CompareWithManifests(files, wrong, notices),
            Redaction = redacted,
            Wrong = wrong,
            Notices = notices,
        };
    }

    private static List<string> CompareWithManifests(IReadOnlyList<string> files, List<string> wrong, List<string> notices)
    {
        var compared = new List<string>();
        foreach (string file in files)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
            string path = Path.Combine(folder, CaptureManifest.FileName);
            if (file == DumpInput.StandardInput || !File.Exists(path))
            {
                continue;
            }

            var manifest = CaptureManifest.Load(path);
            string name = Path.GetFileName(file);
            if (manifest.Tiers.FirstOrDefault(tier => tier.File == name) is not { } tier)
            {
                notices.Add($"{path} does not name {name}");
                continue;
            }

            compared.Add(file);
            if (ManifestCheck.Mismatch(folder, tier) is { } mismatch)
            {
                wrong.Add(mismatch);
            }
        }

        return compared;
    }
}
