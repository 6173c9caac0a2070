using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Targets;
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

    /// <summary>The dump's file.</summary>
    public const string DumpFile = "vmcore.kdump";

    private readonly CaptureRequest _request;
    private readonly CaptureReporter _reporter;
    private readonly TimeProvider _time;
    private readonly CaptureSteps _steps;
    private readonly MemoryWatch _memory = new();
    private readonly List<string> _notices = [];

    /// <summary>A run that is not started.</summary>
    public CaptureRun(CaptureRequest request, CaptureReporter reporter, TimeProvider time)
        : this(request, reporter, time, new CaptureSteps())
    {
    }

    internal CaptureRun(CaptureRequest request, CaptureReporter reporter, TimeProvider time, CaptureSteps steps)
    {
        _request = request;
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
                new ManifestTier { Name = LogTier.Name, File = LogFile },
                .. _request.ReportProgram is null ? [] : ReportTier.Planned(),
                new ManifestTier { Name = DumpTier.Name, File = DumpFile },
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
            return SaveManifest(MakeFolder(manifest), Fail(manifest, $"the memory cannot be opened: {Words(error)}"));
        }

        using (source)
        {
            manifest = CrashIdentity.Add(manifest, source, _request, _steps, _notices);
            DumpFolder? folder = MakeFolder(manifest);
            if (folder is null)
            {
                return new CaptureResult(null, Fail(manifest, _notices[^1]));
            }

            _memory.Sample();
            ManifestTier log = new LogTier(_steps, _reporter, _time, _notices).Save(source, folder);
            manifest = manifest with { Tiers = [log, .. manifest.Tiers.Skip(1)] };
            var store = new ManifestStore(_steps, folder, _notices);
            store.SaveProvisional(manifest);
            List<ManifestTier> report = [];
            if (_request.ReportProgram is { } program)
            {
                report = new ReportTier(_steps, _reporter, _time).Save(program, _request.Vmcore, folder);
                manifest = manifest with { Tiers = [log, .. report, manifest.Tiers[^1]] };
                store.SaveProvisional(manifest);
                _memory.Sample();
            }

            var dump = new DumpTier(_steps, _reporter, _time, _notices, _memory);
            ManifestTier saved = dump.Save(source, folder, _request, cancellationToken);
            return SaveManifest(folder, Conclude(manifest with { Tiers = [log, .. report, saved], Pages = dump.Pages }));
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

    private DumpFolder? MakeFolder(CaptureManifest manifest)
    {
        try
        {
            return DumpFolder.Create(
                _request.TargetFolder, manifest.CrashTime ?? manifest.CaptureTime, manifest.Host ?? "unknown");
        }
        catch (Exception error) when (error is KernelInterfaceException or IOException or UnauthorizedAccessException)
        {
            _notices.Add($"no folder can be made in {_request.TargetFolder}: {Words(error)}");
            return null;
        }
    }

    private CaptureResult SaveManifest(DumpFolder? folder, CaptureManifest manifest)
    {
        manifest = manifest with { Memory = _memory.Report(), Notices = [.. _notices] };
        if (folder is null)
        {
            return new CaptureResult(null, manifest);
        }

        try
        {
            long bytes = new ManifestStore(_steps, folder, _notices).SaveFinal(manifest);
            folder.Publish(manifest.Complete);
            _reporter.Milestone(CaptureMilestone.ManifestDurable, $"{folder.Path}, {bytes} bytes");
        }
#pragma warning disable CA1031 // The end of a run: whatever this is, the tiers above are durable, and the result says so.
        catch (Exception error)
#pragma warning restore CA1031
        {
            manifest = Fail(manifest, manifest.Reason ?? $"manifest: {Words(error)}");
            _reporter.Note($"the manifest cannot be saved: {Words(error)}");
        }

        return new CaptureResult(folder.Path, manifest);
    }
}
