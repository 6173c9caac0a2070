using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Linux;
using Lifeboat.Symbols;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture;

/// <summary>The last tier: the machine's memory, filtered and compressed.</summary>
internal sealed class DumpTier(
    CaptureSteps steps, CaptureReporter reporter, TimeProvider time, List<string> notices, MemoryWatch memory)
    : IProgress<DumpProgress>
{
    internal const string Name = "dump";

    // Lines on a serial console are slow, looks at /proc are not.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenSamples = TimeSpan.FromMilliseconds(250);

    private long _lastLine = time.GetTimestamp();
    private long _lastSample = time.GetTimestamp();

    /// <summary>The pages by class, once the dump is whole.</summary>
    internal PageCounts? Pages { get; private set; }

    /// <inheritdoc/>
    public void Report(DumpProgress value)
    {
        if (time.GetElapsedTime(_lastSample) >= BetweenSamples)
        {
            _lastSample = time.GetTimestamp();
            memory.Sample();
        }

        if (IsLineDue())
        {
            double percent = value.PagesInAll == 0 ? 100 : Math.Min(100.0, 100.0 * value.PagesDone / value.PagesInAll);
            string stage = value.Stage == DumpStage.Classify ? "classify" : "write";
            reporter.Progress($"{stage} {percent:0} %, {value.BytesWritten.Value} bytes");
        }
    }

    /// <summary>The tier before anything is done.</summary>
    internal static ManifestTier Planned(CrashStore store) =>
        new() { Name = Name, File = store.Folder is null ? CaptureRun.StreamedDumpFile : CaptureRun.DumpFile };

    internal ManifestTier Save(
        DumpSource source, CrashStore store, CaptureRequest request, CancellationToken cancellationToken)
    {
        var clock = new TierClock(time);
        ManifestTier tier = Planned(store);
        string name = tier.File;
        try
        {
            var options = new DumpWriteOptions
            {
                Level = request.Level,
                Compression = request.Compression,
                Threads = request.Threads,
                Layouts = BtfLayouts.Open,
            };
            if (store.Folder is { } folder)
            {
                string path = Path.Combine(folder, name);
                Note(steps.WriteDump(source, path, options, this, cancellationToken));
                FolderSync.Run(folder);
                tier = tier with { Bytes = new FileInfo(path).Length };
            }
            else
            {
                using CrashFileStream file = store.Create(name);
                Note(steps.WriteStream(source, file, options, this, cancellationToken));
                StoredFile stored = file.Commit();
                tier = tier with { File = stored.Name, Bytes = stored.Bytes, Sha256 = stored.Sha256 };
            }

            tier = tier with { Status = TierStatus.Saved, Seconds = clock.Seconds };
            reporter.Milestone(
                CaptureMilestone.DumpDurable, $"{tier.File}, {tier.Bytes} bytes, {Pages!.Kept} of {Pages.Total} pages");
        }
#pragma warning disable CA1031 // Memory of a crashed machine can break any reader; what is there is kept and the manifest says so.
        catch (Exception error)
#pragma warning restore CA1031
        {
            long? bytes = store.Kept(name);
            reporter.Note($"the dump is not saved whole: {CaptureRun.Words(error)}");
            return tier with
            {
                Status = bytes > 0 ? TierStatus.Partial : TierStatus.Failed,
                Bytes = bytes,
                Seconds = clock.Seconds,
                Error = CaptureRun.Words(error),
            };
        }

        return store.Folder is null ? tier : tier with { Sha256 = Hash(Path.Combine(store.Folder, name), cancellationToken) };
    }

    private void Note(DumpWriteResult result)
    {
        Pages = result.Pages;
        foreach (Diagnostic notice in result.Notices)
        {
            notices.Add(notice.ToString());
        }
    }

    private bool IsLineDue()
    {
        if (time.GetElapsedTime(_lastLine) < BetweenLines)
        {
            return false;
        }

        _lastLine = time.GetTimestamp();
        return true;
    }

    // Read back through the filesystem, which may still have it in memory: the hash is of the file as written.
    private string? Hash(string path, CancellationToken cancellationToken)
    {
        try
        {
            var hash = new Sha256();
            byte[] buffer = new byte[1 << 17];
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.Append(buffer.AsSpan(0, read));
                if (IsLineDue())
                {
                    reporter.Progress($"hash {100.0 * stream.Position / Math.Max(1, stream.Length):0} %");
                }
            }

            return Convert.ToHexStringLower(hash.Finish());
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or UnauthorizedAccessException)
        {
            notices.Add($"the dump's hash is not computed: {CaptureRun.Words(error)}");
            return null;
        }
    }
}
