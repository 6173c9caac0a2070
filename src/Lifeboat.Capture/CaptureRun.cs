using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;

namespace Lifeboat.Capture;

/// <summary>
/// Saves a crashed machine in tiers, each durable before the next begins: the log, the report, the dump, the manifest.
/// </summary>
/// <remarks>
/// <code>
/// TIME-HOST.partial/  dmesg.txt            fsync file and folder
///                     manifest.json        "did not finish", for the case that the machine dies in what follows
///                     report.json, .txt    and .html, if asked for; then the manifest again
///                     vmcore.kdump         fsync
///                     manifest.json        replaced by the whole one
/// TIME-HOST/          renamed, parent synced (TIME-HOST.incomplete when something is missing)
/// </code>
/// <para><b>Errors.</b> A tier that fails says so, keeps what it has, and the next one is tried: a damaged log does not
/// cost the dump. Nothing is thrown for what goes wrong with machine, memory or target; the result tells it.</para>
/// <para><b>A full target.</b> The log is first, so it is there. 64 KiB are kept aside for the manifest before the dump
/// begins; should even they not do, the dump's tail is cut, as an incomplete dump is readable and its end is worth least.</para>
/// <para><b>Thread safety.</b> One run an object, on one thread.</para>
/// </remarks>
public sealed class CaptureRun
{
    /// <summary>The log's file.</summary>
    public const string LogFile = "dmesg.txt";

    /// <summary>The report for people.</summary>
    public const string ReportText = "report.txt";

    /// <summary>The report for machines.</summary>
    public const string ReportDocument = "report.json";

    /// <summary>The dump's file in a folder.</summary>
    public const string DumpFile = "vmcore.kdump";

    /// <summary>The dump's file where it is written as a stream: flattened, as <c>makedumpfile -F</c> writes it.</summary>
    public const string StreamedDumpFile = "vmcore.flat";

    private const string UnknownHost = "unknown";

    private readonly CaptureRequest _request;
    private readonly CrashStore _store;
    private readonly CaptureReporter _reporter;
    private readonly TimeProvider _time;
    private readonly CaptureSteps _steps;
    private readonly MemoryWatch _memory = new();
    private readonly List<string> _notices = [];

    /// <summary>A run that is not started.</summary>
    /// <param name="request">What to save.</param>
    /// <param name="store">Where to; the caller lets it go.</param>
    /// <param name="reporter">Told how it goes.</param>
    /// <param name="time">The clock.</param>
    public CaptureRun(CaptureRequest request, CrashStore store, CaptureReporter reporter, TimeProvider time)
        : this(request, store, reporter, time, new CaptureSteps())
    {
    }

    internal CaptureRun(
        CaptureRequest request, CrashStore store, CaptureReporter reporter, TimeProvider time, CaptureSteps steps)
    {
        _request = request;
        _store = store;
        _reporter = reporter;
        _time = time;
        _steps = steps;
    }

    /// <summary>Saves what can be saved.</summary>
    /// <param name="cancellationToken">Ends the dump early, when the deadline nears: the manifest is still written.</param>
    public CaptureResult Execute(CancellationToken cancellationToken = default)
    {
        var manifest = new CaptureManifest
        {
            ToolVersion = _request.ToolVersion,
            CaptureTime = _time.GetUtcNow(),
            DumpLevel = (int)_request.Level,
            Tiers =
            [
                new ManifestTier { Name = LogTier.Name, File = _store.NameOf(LogFile) },
                .. _request.ReportProgram is null ? [] : ReportTier.Planned(_store),
                DumpTier.Planned(_store),
            ],
        };
        DumpSource source;
        try
        {
            source = _steps.Open(_request.Vmcore);
        }
        catch (Exception error) when (error is DiagnosticException or KernelInterfaceException or IOException
            or UnauthorizedAccessException)
        {
            return Refused(Fail(manifest, $"the memory cannot be opened: {Words(error)}"));
        }

        using (source)
        {
            manifest = CrashIdentity.Add(manifest, source, _request, _steps, _notices);
            if (!TryBegin(manifest))
            {
                return new CaptureResult(null, Fail(manifest, _notices[^1]));
            }

            return SaveManifest(SaveTiers(source, manifest, cancellationToken));
        }
    }

    /// <summary>An error for a person, in one line.</summary>
    internal static string Words(Exception error) => error switch
    {
        DiagnosticException diagnostic => diagnostic.Diagnostics[0].ToString(),
        KernelInterfaceException or IOException or UnauthorizedAccessException => error.Message,
        OperationCanceledException => "stopped before its end: the deadline came, or it was interrupted",
        _ => $"{error.GetType().Name}: {error.Message}",
    };

    private static CaptureManifest Fail(CaptureManifest manifest, string reason) =>
        manifest with { Complete = false, Reason = reason };

    private static CaptureManifest Conclude(CaptureManifest manifest)
    {
        ManifestTier? failed = manifest.Tiers.FirstOrDefault(
            tier => tier.Status != TierStatus.Saved && tier.Name != ReportTier.Name);
        return failed is null
            ? manifest with { Complete = true }
            : Fail(manifest, $"{failed.Name}: {failed.Error}");
    }

    private CaptureManifest SaveTiers(DumpSource source, CaptureManifest manifest, CancellationToken cancellationToken)
    {
        _memory.Sample();
        ManifestTier log = new LogTier(_steps, _reporter, _time, _notices).Save(source, _store);
        ManifestTier dumpTier = DumpTier.Planned(_store);
        manifest = manifest with { Tiers = [log, .. manifest.Tiers.Skip(1).SkipLast(1), dumpTier] };
        var provisional = new ManifestStore(_store, _notices);
        provisional.SaveProvisional(manifest);
        List<ManifestTier> report = [];
        if (_request.ReportProgram is { } program)
        {
            report = new ReportTier(_steps, _reporter, _time).Save(program, _request, _store);
            manifest = manifest with { Tiers = [log, .. report, dumpTier] };
            provisional.SaveProvisional(manifest);
            _memory.Sample();
        }

        RemoveOlder(manifest, log, report);
        var dump = new DumpTier(_steps, _reporter, _time, _notices, _memory);
        ManifestTier saved = dump.Save(source, _store, _request, cancellationToken);
        return Conclude(manifest with
        {
            Tiers = [log, .. report, saved],
            Pages = dump.Pages,
            DumpLevel = (int)(dump.Level ?? _request.Level),
        });
    }

    // Older crashes go only when this one's log and report are safe.
    private void RemoveOlder(CaptureManifest manifest, ManifestTier log, List<ManifestTier> report)
    {
        if (log.Status != TierStatus.Saved || report.Exists(static tier => tier.Status != TierStatus.Saved))
        {
            return;
        }

        try
        {
            foreach (string name in _store.RemoveOlder(manifest.Host ?? UnknownHost, _request.Budget, _time.GetUtcNow()))
            {
                _notices.Add($"{name} was removed: keep_dumps or keep_days");
                _reporter.Note(_notices[^1]);
            }
        }
#pragma warning disable CA1031 // What is left of older crashes must not cost the dump of this one.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _notices.Add($"older crashes are not removed: {Words(error)}");
        }
    }

    private CaptureResult Refused(CaptureManifest manifest) =>
        TryBegin(manifest) ? SaveManifest(manifest) : new CaptureResult(null, manifest);

    private bool TryBegin(CaptureManifest manifest)
    {
        try
        {
            _store.Begin(manifest.CrashTime ?? manifest.CaptureTime, manifest.Host ?? UnknownHost);
            return true;
        }
        catch (Exception error) when (error is KernelInterfaceException or DiagnosticException or IOException
            or UnauthorizedAccessException or OperationCanceledException)
        {
            _notices.Add($"there is no place for the crash in {_store.Location}: {Words(error)}");
            return false;
        }
    }

    private CaptureResult SaveManifest(CaptureManifest manifest)
    {
        manifest = manifest with { Memory = _memory.Report(), Notices = [.. _notices] };
        try
        {
            long bytes = new ManifestStore(_store, _notices).SaveFinal(manifest);
            _store.Publish(manifest.Complete);
            _reporter.Milestone(CaptureMilestone.ManifestDurable, $"{_store.Location}, {bytes} bytes");
        }
#pragma warning disable CA1031 // The end of a run: whatever this is, the tiers above are durable, and the result says so.
        catch (Exception error)
#pragma warning restore CA1031
        {
            manifest = Fail(manifest, manifest.Reason ?? $"manifest: {Words(error)}");
            _reporter.Note($"the manifest cannot be saved: {Words(error)}");
            MarkIncomplete();
        }

        return new CaptureResult(_store.Location, manifest);
    }

    // Where there is no room for a manifest, a name may still do.
    private void MarkIncomplete()
    {
        try
        {
            _store.Publish(complete: false);
        }
#pragma warning disable CA1031 // The last thing that is tried: the tiers above are durable, and the result says so.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _reporter.Note($"{_store.Location} cannot be marked incomplete: {Words(error)}");
        }
    }
}
