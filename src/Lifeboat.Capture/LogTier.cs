using System.Text;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Capture;

/// <summary>The first tier: the crashed kernel's log as text.</summary>
internal sealed class LogTier(
    CaptureSteps steps, CaptureReporter reporter, TimeProvider time, List<string> notices)
{
    internal const string Name = "log";

    internal ManifestTier Save(DumpSource source, CrashStore store)
    {
        var clock = new TierClock(time);
        var tier = new ManifestTier { Name = Name, File = store.NameOf(CaptureRun.LogFile) };
        try
        {
            (IReadOnlyList<LogRecord> records, IReadOnlyList<Diagnostic> diagnostics) = steps.ReadLog(source);
            foreach (Diagnostic diagnostic in diagnostics)
            {
                notices.Add(diagnostic.ToString());
            }

            using CrashFileStream file = store.Create(CaptureRun.LogFile);
            foreach (LogRecord record in records)
            {
                file.Write(Encoding.UTF8.GetBytes(record.ToDmesgText() + "\n"));
            }

            StoredFile stored = file.Commit();
            tier = tier with { File = stored.Name, Bytes = stored.Bytes, Sha256 = stored.Sha256, Seconds = clock.Seconds };
            if (records.Count == 0)
            {
                return Failed(tier, TierStatus.Failed, "the log has no records");
            }

            reporter.Milestone(CaptureMilestone.LogDurable, $"{stored.Name}, {stored.Bytes} bytes, {records.Count} records");
            return tier with { Status = TierStatus.Saved };
        }
#pragma warning disable CA1031 // Memory of a crashed machine can break any reader; a log that is lost must not cost the dump.
        catch (Exception error)
#pragma warning restore CA1031
        {
            long? kept = store.Kept(CaptureRun.LogFile);
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
