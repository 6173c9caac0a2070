using Lifeboat.Capture.Init;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Watchdogs;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <summary>
/// The capture kernel's process 1: prepares the machine, saves the crash, and always ends with the final action.
/// </summary>
/// <remarks>
/// <code>
/// watchdog -> mounts -> settings -> modules -> target -> CaptureRun -> final action
///                                                 ^         |
///                                                 +- next --+ it has not everything
///                any failure ----------------------------------------> failure action
///                  and nothing saved anywhere -> ConsoleRescue ------>
/// </code>
/// <para>A watchdog thread ends the machine's run at the deadline, or when nothing goes forward, even when this thread is stuck
/// in a system call. Should the kernel refuse to end it, <see cref="Run"/> returns, the process ends, and the kernel panics for want of
/// a process 1; with <c>panic=</c> on its command line it restarts then.</para>
/// </remarks>
public sealed class CaptureInit
{
    // Until the settings are read, and when they cannot be.
    private static readonly CaptureSettings Unknown = new();

    // The last part of the time is for the manifest, the unmount and the final action.
    private const double ShareForTheDump = 0.9;

    // What is kept back for every target that has not been tried yet: enough for log and report.
    private static readonly TimeSpan TimeForEachLater = TimeSpan.FromSeconds(60);

    // From the end of a limit until the line that says so.
    private static readonly TimeSpan TimeToAct = TimeSpan.FromSeconds(60);

    // A block takes four seconds at 115,200 baud, the log before the report among them; what is slower is cut off.
    private static readonly TimeSpan TimeForConsole = TimeSpan.FromSeconds(15);

    private readonly CaptureInitSteps _steps;
    private readonly CaptureReporter _reporter;
    private readonly CaptureWatchdog _watchdog;
    private readonly TimeProvider _time;
    private readonly string _toolVersion;
    private CaptureSettings _settings = Unknown;
    private CaptureManifest? _manifest;
    private bool _hasSaved;
    private bool _hasRunBeforeDump;
    private string? _beforeDump;

    internal CaptureInit(CaptureInitSteps steps, TimeProvider time, string toolVersion)
    {
        _steps = steps;
        _time = time;
        _toolVersion = toolVersion;
        _reporter = new CaptureReporter(TellAlive, time);
        _watchdog = new CaptureWatchdog(steps.Power, time, text => _reporter.Milestone(CaptureMilestone.Failed, text));
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

        RunAtEnd(failure);
        PowerAction action = failure is null ? _settings.FinalAction : _settings.FailureAction;
        if (failure is null)
        {
            _reporter.Milestone(CaptureMilestone.Done);
        }
        else
        {
            SendToConsole(failure, start);
            _reporter.Milestone(CaptureMilestone.Failed, failure);
        }

        _reporter.Milestone(CaptureMilestone.FinalAction, CaptureSettings.NameOf(action));
        if (action == PowerAction.Shell)
        {
            GiveShell();
            action = PowerAction.Reboot;
        }

        Finish(action);
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        _watchdog.Stop();
        return failure is null;
    }

    // A line on the console says that something has gone forward; the dump writes one every few seconds.
    private void TellAlive(string line)
    {
        _watchdog.SignOfLife();
        _steps.WriteLine(line);
    }

    // What has a limit of its own may be silent until then.
    private static TimeSpan LongestSilence(CaptureSettings settings)
    {
        TimeSpan longest = settings.StallTimeout;
        foreach (TimeSpan limit in (ReadOnlySpan<TimeSpan>)[
            settings.DiskTimeout, settings.NetTimeout, settings.Budget.ReportTime, settings.Programs.TimeForEach])
        {
            longest = limit + TimeToAct > longest ? limit + TimeToAct : longest;
        }

        return longest;
    }

    // Null when everything was saved, else why not.
    private string? Capture(long start)
    {
        _steps.PrepareMachine();
        _reporter.Milestone(CaptureMilestone.InitUp);
        CaptureSettings settings = _steps.ReadSettings();
        _settings = settings;
        _watchdog.Change(Left(start, settings.Deadline), LongestSilence(settings), settings.FailureAction);
        if (settings.Targets.Count == 0)
        {
            throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.SettingMissing, "The settings name no target")
            {
                Where = Ramdisk.RamdiskLayout.Settings,
                Expected = "a line such as ext4 UUID=...",
            });
        }

        LoadModules();
        StartWatchdogs(settings);
        var failures = new List<string>();
        for (int i = 0; i < settings.Targets.Count; i++)
        {
            TimeSpan time = Left(start, settings.Deadline * ShareForTheDump) - (TimeForEachLater * (settings.Targets.Count - 1 - i));
            if (SaveTo(settings.Targets[i], time) is not { } failure)
            {
                return null;
            }

            failures.Add(failure);
            if (i + 1 < settings.Targets.Count)
            {
                _reporter.Note($"{settings.Targets[i]}: {failure}; the next target is tried");
            }
        }

        return failures.Count == 1 ? failures[0] : string.Join("; ", failures.Select((failure, i) => $"{settings.Targets[i]}: {failure}"));
    }

    // Null when the target has everything, else why not. Whatever a target does, there may be another one.
    private string? SaveTo(DumpTarget target, TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
        {
            return "no time was left for it";
        }

        try
        {
            using var deadline = new CancellationTokenSource(time, _time);
            using CrashStore store = _steps.OpenStore(target, _settings, _reporter, deadline.Token);
            _reporter.Milestone(CaptureMilestone.TargetReady, $"{target}");
            CaptureResult result = _steps.Save(Request(), store, _reporter, deadline.Token);
            _manifest = result.Manifest;
            _hasSaved |= result.HasSaved;
            return result.IsComplete ? null : result.Manifest.Reason ?? "the dump is not complete";
        }
#pragma warning disable CA1031 // The boundary of a target: nothing that it does may cost the next one.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return CaptureRun.Words(error);
        }
    }

    private CaptureRequest Request() => new()
    {
        Vmcore = _steps.Vmcore,
        Level = _settings.Level,
        Erase = _settings.Erase.DirectivesFor(isSealed: _settings.SealTo is not null),
        Compression = _settings.Compression,
        Threads = _settings.Threads ?? Math.Min(Environment.ProcessorCount, CaptureSettings.MaxThreads),
        HostName = _settings.HostName,
        Budget = _settings.Budget,
        BeforeDump = _settings.Programs.BeforeDump is null ? null : BeforeDump,
        ReportProgram = _steps.ReportProgram,
        ToolVersion = _toolVersion,
    };

    // Once, however many targets are tried.
    private string? BeforeDump()
    {
        if (!_hasRunBeforeDump)
        {
            _hasRunBeforeDump = true;
            CapturePrograms programs = _settings.Programs;
            _beforeDump = _steps.RunProgram(programs.BeforeDump!, [], programs.TimeForEach) is { } failure ? $"kdump_pre: {failure}" : null;
        }

        return _beforeDump;
    }

    private void RunAtEnd(string? failure)
    {
        if (_settings.Programs.AtEnd is { } program
            && _steps.RunProgram(program, [failure is null ? "0" : "1"], _settings.Programs.TimeForEach) is { } refusal)
        {
            _reporter.Note($"kdump_post: {refusal}");
        }
    }

    // A person may take any time; the machine starts again when the shell ends.
    private void GiveShell()
    {
        _watchdog.StopHardware();
        _watchdog.Stop();
        _steps.DrainConsole();
        if (_steps.RunProgram(_settings.Programs.Shell, [], Timeout.InfiniteTimeSpan) is { } refusal)
        {
            _reporter.Note($"shell: {refusal}");
        }
    }

    // What the crash was must not be lost with the target: somebody may keep what this console says.
    private void SendToConsole(string failure, long start)
    {
        if (_hasSaved)
        {
            return;
        }

        try
        {
            var request = new ConsoleRescueRequest
            {
                Capture = Request(),
                Reason = failure,
                Manifest = _manifest,
                SealTo = _settings.SealTo is { } keys ? SealRecipients.TryParse(keys) : null,
                TimeForReport = Shorter(Left(start, _settings.Deadline) - TimeForConsole, _settings.Budget.ReportTime),
            };
            _steps.SendToConsole(request, _reporter);
        }
#pragma warning disable CA1031 // The last thing that is tried: whatever this is, the failure action comes next.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _reporter.Note($"nothing more can be sent to the console: {CaptureRun.Words(error)}");
        }
    }

    // A restart that hangs is ended by the machine's watchdogs, too; a machine that is to stand still or to be off must not be.
    private void Finish(PowerAction action)
    {
        foreach (IHardwareWatchdog watchdog in action == PowerAction.Reboot ? [] : _watchdog.StopHardware())
        {
            _reporter.Note($"the watchdog {watchdog.Name} cannot be stopped: a machine that is not off {watchdog.Timeout.TotalSeconds:0} s from now is reset");
        }

        _steps.DrainConsole();
        _steps.Power.Finish(action);
        _steps.Power.ForceFinish(action);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private TimeSpan Left(long start, TimeSpan whole)
    {
        TimeSpan left = whole - _time.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
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

    private void StartWatchdogs(CaptureSettings settings)
    {
        if (settings.Watchdog is not { } timeout)
        {
            return;
        }

        IReadOnlyList<IHardwareWatchdog> watchdogs = _steps.StartWatchdogs(timeout, _reporter.Note);
        _watchdog.Take(watchdogs);
        foreach (IHardwareWatchdog watchdog in watchdogs)
        {
            _reporter.Note($"the watchdog {watchdog.Name} resets the machine when this program hangs for {watchdog.Timeout.TotalSeconds:0} s");
        }
    }

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs arguments)
    {
        _reporter.Milestone(
            CaptureMilestone.Failed,
            arguments.ExceptionObject is Exception error ? CaptureRun.Words(error) : "unhandled exception");
        _reporter.Milestone(CaptureMilestone.FinalAction, CaptureSettings.NameOf(_settings.FailureAction));
        Finish(_settings.FailureAction);
    }
}
