using Lifeboat.Capture.Init;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Watchdogs;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <summary>What process 1 asks of its machine: the seam through which a test runs it as a plain process.</summary>
internal sealed record CaptureInitSteps
{
    private const int StandardOutput = 1;

    /// <summary>Writes a line to the console.</summary>
    internal required Action<string> WriteLine { get; init; }

    /// <summary>Waits until the console has sent its lines.</summary>
    internal Action DrainConsole { get; init; } = () => { };

    /// <summary>Ends the machine's run.</summary>
    internal required IMachinePower Power { get; init; }

    /// <summary>Mounts what every step needs.</summary>
    internal Action PrepareMachine { get; init; } = () => { };

    /// <summary>Reads the settings.</summary>
    internal required Func<CaptureSettings> ReadSettings { get; init; }

    /// <summary>Loads the ramdisk's modules.</summary>
    internal Func<IReadOnlyList<ModuleLoadResult>> LoadModules { get; init; } = () => [];

    /// <summary>Starts the machine's watchdogs, to wait for so long; tells of those that refuse.</summary>
    internal Func<TimeSpan, Action<string>, IReadOnlyList<IHardwareWatchdog>> StartWatchdogs { get; init; } = static (_, _) => [];

    /// <summary>Makes a target ready to be saved to.</summary>
    internal required Func<DumpTarget, CaptureSettings, CaptureReporter, CancellationToken, CrashStore> OpenStore { get; init; }

    /// <summary>The memory to save.</summary>
    internal string Vmcore { get; init; } = "/proc/vmcore";

    /// <summary>The program that makes the report; null for none.</summary>
    internal string? ReportProgram { get; init; }

    /// <summary>Saves it.</summary>
    internal required Func<CaptureRequest, CrashStore, CaptureReporter, CancellationToken, CaptureResult> Save { get; init; }

    /// <summary>Runs a program of the ramdisk; says why it did not end well.</summary>
    internal Func<string, string[], TimeSpan, string?> RunProgram { get; init; } = HookProcess.Run;

    /// <summary>Sends log and report to the console, where no target took them.</summary>
    internal required Action<ConsoleRescueRequest, CaptureReporter> SendToConsole { get; init; }

    /// <summary>The steps on a capture kernel.</summary>
    internal static CaptureInitSteps Real(TimeProvider time)
    {
        var console = new ConsoleLines(StandardOutput);
        StoreOpener? opener = null;
        return new CaptureInitSteps
        {
            WriteLine = console.Write,
            DrainConsole = console.Drain,
            Power = new MachinePower(),
            PrepareMachine = () =>
            {
                EarlyUserspace.OpenConsole();
                EarlyUserspace.MountBasics();
            },
            ReadSettings = () => CaptureSettings.Parse(File.ReadAllText(RamdiskLayout.Settings), RamdiskLayout.Settings),
            LoadModules = () => EarlyUserspace.LoadModules(),
            StartWatchdogs = WatchdogDevice.OpenAll,
            OpenStore = (target, settings, reporter, cancellation) =>
                (opener ??= new StoreOpener(settings, reporter, time)).Open(target, cancellation),
            ReportProgram = Environment.ProcessPath,
            Save = (request, store, reporter, cancellation) => SaveTo(request, store, reporter, time, cancellation),
            SendToConsole = (request, reporter) =>
            {
                EarlyUserspace.SilenceKernel();
                new ConsoleRescue(new CaptureSteps(), reporter, time, console.Write).Send(request);
            },
        };
    }

    private static CaptureResult SaveTo(
        CaptureRequest request,
        CrashStore store,
        CaptureReporter reporter,
        TimeProvider time,
        CancellationToken cancellation) =>
        File.Exists(request.Vmcore)
            ? new CaptureRun(request, store, reporter, time).Execute(cancellation)
            : throw new DiagnosticException(
                new Diagnostic(CaptureDiagnostics.NoVmcore, "There is no memory of a crashed kernel")
                {
                    Where = request.Vmcore,
                    Expected = "the file, which a kernel has that was started by a crash (elfcorehdr= on its command line)",
                    Remedy = "Arm the reservation and let the running kernel crash into it",
                });
}
