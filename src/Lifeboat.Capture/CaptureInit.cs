using Lifeboat.Capture.Init;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <summary>
/// The capture kernel's process 1: prepares the machine, saves the crash, and always ends with the final action.
/// </summary>
/// <remarks>
/// <code>
/// watchdog -> mounts -> settings -> modules -> target -> CaptureRun -> unmount -> final action
///                any failure ---------------------------------------> failure action
/// </code>
/// <para>A watchdog thread with the overall deadline ends the machine's run even when this thread is stuck in a system
/// call. Should the kernel refuse to end it, <see cref="Run"/> returns, the process ends, and the kernel panics for want of
/// a process 1; with <c>panic=</c> on its command line it restarts then.</para>
/// </remarks>
public sealed class CaptureInit
{
    // Until the settings are read, and when they cannot be.
    private static readonly CaptureSettings Unknown = new();

    // The last part of the time is for the manifest, the unmount and the final action.
    private const double ShareForTheDump = 0.9;

    private readonly CaptureInitSteps _steps;
    private readonly CaptureReporter _reporter;
    private readonly CaptureWatchdog _watchdog;
    private readonly TimeProvider _time;
    private readonly string _toolVersion;
    private CaptureSettings _settings = Unknown;

    internal CaptureInit(CaptureInitSteps steps, TimeProvider time, string toolVersion)
    {
        _steps = steps;
        _time = time;
        _toolVersion = toolVersion;
        _reporter = new CaptureReporter(steps.WriteLine, time);
        _watchdog = new CaptureWatchdog(steps.Power, text => _reporter.Milestone(CaptureMilestone.Failed, text));
    }

    /// <summary>Runs as process 1. Returns only when the kernel refuses to end the machine's run.</summary>
    /// <param name="time">The clock; its timestamps count from boot.</param>
    /// <param name="toolVersion">The version of this program, for the manifest.</param>
    public static void Run(TimeProvider time, string toolVersion) =>
        new CaptureInit(CaptureInitSteps.Real(time), time, toolVersion).Execute();

    /// <summary>Runs to the final action; returns whether everything was saved, where a test's machine goes on living.</summary>
    internal bool Execute()
    {
        long start = _time.GetTimestamp();
        _watchdog.Start(Unknown.Deadline, Unknown.FailureAction);
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        string? failure;
        try
        {
            failure = Capture(start);
        }
#pragma warning disable CA1031 // The boundary of the process: nothing may keep it from the final action.
        catch (Exception error)
#pragma warning restore CA1031
        {
            failure = CaptureRun.Words(error);
        }

        PowerAction action = failure is null ? _settings.FinalAction : _settings.FailureAction;
        if (failure is null)
        {
            _reporter.Milestone(CaptureMilestone.Done);
        }
        else
        {
            _reporter.Milestone(CaptureMilestone.Failed, failure);
        }

        _reporter.Milestone(CaptureMilestone.FinalAction, CaptureSettings.NameOf(action));
        _steps.DrainConsole();
        _steps.Power.Finish(action);
        _steps.Power.ForceFinish(action);
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        _watchdog.Stop();
        return failure is null;
    }

    // Null when everything was saved, else why not.
    private string? Capture(long start)
    {
        _steps.PrepareMachine();
        _reporter.Milestone(CaptureMilestone.InitUp);
        CaptureSettings settings = _steps.ReadSettings();
        _settings = settings;
        _watchdog.Change(Left(settings.Deadline), settings.FailureAction);
        DumpTarget target = settings.Target ?? throw new DiagnosticException(
            new Diagnostic(CaptureDiagnostics.SettingMissing, "The settings name no target")
            {
                Where = Ramdisk.RamdiskLayout.Settings,
                Expected = "a line such as ext4 UUID=...",
            });
        LoadModules();
        using var deadline = new CancellationTokenSource(Left(settings.Deadline * ShareForTheDump), _time);
        string folder = _steps.MountTarget(target, settings.DiskTimeout, deadline.Token);
        _reporter.Milestone(CaptureMilestone.TargetMounted, $"{target}");
        var request = new CaptureRequest
        {
            Vmcore = _steps.Vmcore,
            TargetFolder = folder + settings.Path,
            Level = settings.Level,
            Compression = settings.Compression,
            Threads = settings.Threads,
            HostName = settings.HostName,
            ReportProgram = _steps.ReportProgram,
            ToolVersion = _toolVersion,
        };
        CaptureResult result = _steps.Save(request, _reporter, deadline.Token);
        Unmount(folder);
        return result.IsComplete ? null : result.Manifest.Reason ?? "the dump is not complete";

        TimeSpan Left(TimeSpan whole)
        {
            TimeSpan left = whole - _time.GetElapsedTime(start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void LoadModules()
    {
        IReadOnlyList<ModuleLoadResult> results = _steps.LoadModules();
        foreach (ModuleLoadResult refused in results.Where(result => !result.IsLoaded))
        {
            _reporter.Note($"module {refused.Name} is not loaded: {refused.Errno}");
        }

        _reporter.Milestone(
            CaptureMilestone.ModulesLoaded, $"{results.Count(result => result.IsLoaded)} of {results.Count}");
    }

    private void Unmount(string folder)
    {
        try
        {
            _steps.Unmount(folder);
        }
        catch (KernelInterfaceException refusal)
        {
            // Everything on it is synced; the filesystem's journal does the rest.
            _reporter.Note(CaptureRun.Words(refusal));
        }
    }

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs arguments)
    {
        _reporter.Milestone(
            CaptureMilestone.Failed,
            arguments.ExceptionObject is Exception error ? CaptureRun.Words(error) : "unhandled exception");
        _reporter.Milestone(CaptureMilestone.FinalAction, CaptureSettings.NameOf(_settings.FailureAction));
        _steps.Power.Finish(_settings.FailureAction);
        _steps.Power.ForceFinish(_settings.FailureAction);
    }
}
