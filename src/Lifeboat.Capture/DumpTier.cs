using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Hashing;
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

    internal ManifestTier Save(
        DumpSource source, DumpFolder folder, CaptureRequest request, CancellationToken cancellationToken)
    {
        var clock = new TierClock(time);
        string path = folder.Combine(CaptureRun.DumpFile);
        var tier = new ManifestTier { Name = Name, File = CaptureRun.DumpFile };
        try
        {
            var options = new DumpWriteOptions
            {
                Level = request.Level,
                Compression = request.Compression,
                Threads = request.Threads,
                Layouts = BtfLayouts.Open,
            };
            DumpWriteResult result = steps.WriteDump(source, path, options, this, cancellationToken);
            folder.Sync();
            Pages = result.Pages;
            notices.AddRange(result.Notices.Select(notice => notice.ToString()));
            tier = tier with
            {
                Status = TierStatus.Saved,
                Bytes = checked((long)result.FileSize.Value),
                Seconds = clock.Seconds,
            };
            reporter.Milestone(
                CaptureMilestone.DumpDurable,
                $"{CaptureRun.DumpFile}, {tier.Bytes} bytes, {Pages.Kept} of {Pages.Total} pages");
        }
#pragma warning disable CA1031 // Memory of a crashed machine can break any reader; what is there is kept and the manifest says so.
        catch (Exception error)
#pragma warning restore CA1031
        {
            long? bytes = File.Exists(path) ? new FileInfo(path).Length : null;
            reporter.Note($"the dump is not saved whole: {CaptureRun.Words(error)}");
            return tier with
            {
                Status = bytes > 0 ? TierStatus.Partial : TierStatus.Failed,
                Bytes = bytes,
                Seconds = clock.Seconds,
                Error = CaptureRun.Words(error),
            };
        }

        return tier with { Sha256 = Hash(path, cancellationToken) };
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
