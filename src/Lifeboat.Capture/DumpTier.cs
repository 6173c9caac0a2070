using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
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

    // What a power cut leaves of the dump is there up to the last of these. The writing goes on meanwhile.
    private static readonly ByteCount BetweenSyncs = ByteCount.FromMiB(16);

    // A stream into a limited room is cut into records, or sealed in chunks, whose heads are less than this part of it.
    private const long PartOfRecords = 256;

    private long _lastLine = time.GetTimestamp();
    private long _stageStart = time.GetTimestamp();
    private DumpStage _stage;
    private string _location = "";
    private long _lastSample = time.GetTimestamp();

    /// <summary>The pages by class, once the dump is whole.</summary>
    internal PageCounts? Pages { get; private set; }

    /// <summary>The level that the whole dump has, which may be above the one asked for; null until it is whole.</summary>
    internal DumpLevel? Level { get; private set; }

    /// <inheritdoc/>
    public void Report(DumpProgress value)
    {
        if (time.GetElapsedTime(_lastSample) >= BetweenSamples)
        {
            _lastSample = time.GetTimestamp();
            memory.Sample();
        }

        if (value.Stage != _stage)
        {
            _stage = value.Stage;
            _stageStart = time.GetTimestamp();
        }

        if (IsLineDue())
        {
            reporter.Progress($"{Name}: {DumpProgressText.Describe(value, time.GetElapsedTime(_stageStart))}, to {_location}");
        }
    }

    /// <summary>The tier before anything is done.</summary>
    internal static ManifestTier Planned(CrashStore store) =>
        new() { Name = Name, File = store.NameOf(FileOf(store)) };

    /// <summary>The file that a store is given.</summary>
    internal static string FileOf(CrashStore store) => store.Folder is null ? CaptureRun.StreamedDumpFile : CaptureRun.DumpFile;

    internal ManifestTier Save(
        DumpSource source, CrashStore store, CaptureRequest request, CancellationToken cancellationToken)
    {
        var clock = new TierClock(time);
        ManifestTier tier = Planned(store);
        string name = FileOf(store);
        _location = store.Location;
        try
        {
            if (request.BeforeDump?.Invoke() is { } refusal)
            {
                reporter.Note($"there is no dump: {refusal}");
                return tier with { Status = TierStatus.Failed, Error = refusal };
            }

            using var limit = new CancellationTokenSource(request.Budget.DumpTime ?? Timeout.InfiniteTimeSpan, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            DumpWriteOptions options = Options(store, request) with
            {
                Eraser = DumpErasing.Find(source, request, steps, time, reporter, memory, notices, both.Token),
            };
            if (options.Threads < request.Threads)
            {
                Tell($"memory is short: {options.Threads} of {request.Threads} threads compress");
            }

            if (store.Folder is { } folder)
            {
                string path = Path.Combine(folder, name);
                Note(WriteFile(source, path, options, both.Token));
                FolderSync.Run(folder);
                tier = tier with { Bytes = new FileInfo(path).Length };
            }
            else
            {
                using CrashFileStream file = store.Create(name);
                Note(steps.WriteStream(source, file, options, this, both.Token));
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

    private DumpWriteOptions Options(CrashStore store, CaptureRequest request)
    {
        CaptureBudget budget = request.Budget;
        ByteCount? most = budget.MaxSize;
        if ((budget.KeepFree != ByteCount.Zero || store.Folder is null) && store.Room is { } left)
        {
            // What a stream's records take is not the dump's.
            ulong free = (ulong)(store.Folder is null ? left - (left / PartOfRecords) : left);
            var room = new ByteCount(free > budget.KeepFree.Value ? free - budget.KeepFree.Value : 0);
            most = most is null || room < most.Value ? room : most;
        }

        if (store.LargestFile is { } largest && (most is null || (ulong)largest < most.Value.Value))
        {
            most = new ByteCount((ulong)largest);
        }

        int threads = DumpMemory.Threads(request.Threads, memory.Available);
        return new DumpWriteOptions
        {
            Level = request.Level,
            Compression = request.Compression,
            Threads = threads,
            Ahead = store.Folder is null ? DumpMemory.Ahead(threads, memory.Available) : ByteCount.Zero,
            SyncEvery = BetweenSyncs,
            Layouts = BtfLayouts.Open,
            MaxSize = most,
            RaiseTo = budget.RaisesLevel ? DumpLevels.Above(request.Level) : [],
        };
    }

    // With one thread the writer takes the least that it can do with.
    private DumpWriteResult WriteFile(DumpSource source, string path, DumpWriteOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return steps.WriteDump(source, path, options, this, cancellationToken);
        }
        catch (OutOfMemoryException) when (options.Threads > 1)
        {
            Tell("memory ran out: the dump is begun anew with one thread");
        }

        return steps.WriteDump(source, path, options with { Threads = 1 }, this, cancellationToken);
    }

    private void Tell(string notice)
    {
        notices.Add(notice);
        reporter.Note(notice);
    }

    private void Note(DumpWriteResult result)
    {
        Pages = result.Pages;
        Level = result.Level;
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
                    reporter.Progress($"{Name}: hash {100.0 * stream.Position / Math.Max(1, stream.Length):0} %");
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
