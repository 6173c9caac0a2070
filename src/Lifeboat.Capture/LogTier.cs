using System.Text;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Capture;

/// <summary>The first tier: the crashed kernel's log as text.</summary>
internal sealed class LogTier(
    CaptureSteps steps, CaptureReporter reporter, TimeProvider time, List<string> notices)
{
    internal const string Name = "log";

    internal ManifestTier Save(DumpSource source, DumpFolder folder)
    {
        var clock = new TierClock(time);
        var tier = new ManifestTier { Name = Name, File = CaptureRun.LogFile };
        string path = folder.Combine(CaptureRun.LogFile);
        try
        {
            (IReadOnlyList<LogRecord> records, IReadOnlyList<Diagnostic> diagnostics) = steps.ReadLog(source);
            foreach (Diagnostic diagnostic in diagnostics)
            {
                notices.Add(diagnostic.ToString());
            }

            string hash;
            using (var file = new DurableFile(steps.CreateFile(path)))
            {
                try
                {
                    foreach (LogRecord record in records)
                    {
                        file.Write(Encoding.UTF8.GetBytes(record.ToDmesgText() + "\n"));
                    }
                }
                finally
                {
                    hash = file.Finish();
                }
            }

            folder.Sync();
            long written = new FileInfo(path).Length;
            tier = tier with { Bytes = written, Sha256 = hash, Seconds = clock.Seconds };
            if (records.Count == 0)
            {
                return Failed(tier, TierStatus.Failed, "the log has no records");
            }

            reporter.Milestone(CaptureMilestone.LogDurable, $"{CaptureRun.LogFile}, {written} bytes, {records.Count} records");
            return tier with { Status = TierStatus.Saved };
        }
#pragma warning disable CA1031 // Memory of a crashed machine can break any reader; a log that is lost must not cost the dump.
        catch (Exception error)
#pragma warning restore CA1031
        {
            long? kept = File.Exists(path) ? new FileInfo(path).Length : null;
            return Failed(
                tier with { Bytes = kept, Seconds = clock.Seconds },
                kept > 0 ? TierStatus.Partial : TierStatus.Failed,
                CaptureRun.Words(error));
        }
    }

    private ManifestTier Failed(ManifestTier tier, TierStatus status, string error)
    {
        reporter.Note($"the log is not saved whole: {error}");
        return tier with { Status = status, Error = error };
    }
}
