using System.ComponentModel;
using System.Globalization;
using Lifeboat.Capture;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Crashes;
using Lifeboat.Drill.Disks;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;
using Lifeboat.Drill.Tools;
using Lifeboat.Drill.Verification;
using Lifeboat.Inspect;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Vmcore;

namespace Lifeboat.Drill;

/// <summary>Runs a drill from the kernel on the host to the verdict.</summary>
public sealed class DrillRunner
{
    private const string ConsoleFile = "console.log";

    // What a full disk still has: enough for the log and the manifest, far too little for the dump.
    private const long FreeOnFullDisk = 1 << 20;

    private readonly DrillOptions _options;
    private readonly TimeProvider _time;
    private readonly DrillLogbook _logbook;
    private readonly CancellationToken _cancellation;
    private DrillReport _report;
    private readonly RehearsedSettings _rehearsed;
    private IReadOnlyList<string> _console = [];

    private DrillRunner(
        DrillOptions options, TimeProvider time, IProgress<DrillEvent> progress, CancellationToken cancellation)
    {
        _options = options;
        _time = time;
        _logbook = new DrillLogbook(time, progress);
        _rehearsed = new RehearsedSettings(options);
        _cancellation = cancellation;
        _report = new DrillReport { Options = options, Milestones = _logbook.Milestones };
    }

    /// <summary>Runs a drill. A stage that fails is a report, not an exception.</summary>
    /// <param name="options">What to rehearse.</param>
    /// <param name="time">Measures the milestones.</param>
    /// <param name="progress">Told each milestone as it is reached.</param>
    /// <param name="cancellation">Ends the drill; nothing of it stays behind.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DrillReport Run(
        DrillOptions options, TimeProvider time, IProgress<DrillEvent> progress, CancellationToken cancellation)
    {
        var runner = new DrillRunner(options, time, progress, cancellation);
        using var workspace = new DrillWorkspace(options.TemporaryFolder);
        try
        {
            runner.Run(workspace);
        }
        catch (DrillStageException exception)
        {
            runner._report = runner._report with { Failure = exception.Failure };
        }
        catch (DiagnosticException exception)
        {
            runner.Fail(exception.Diagnostics[0].ToString(), exception.Diagnostics[0].Remedy);
        }
        catch (Exception exception) when (exception is KernelInterfaceException or IOException or UnauthorizedAccessException
            or Win32Exception)
        {
            runner.Fail(exception.Message, hint: null);
        }

        runner.KeepConsole();
        return runner._report;
    }

    private void Run(DrillWorkspace workspace)
    {
        string qemu = Tool.Require("qemu-system-x86_64", "qemu-system-x86", _options.SearchPath);
        TargetDisk disk = TargetDisk.Create(workspace.File("target.img"), _options.DiskSize, _options.SearchPath, _cancellation);
        _logbook.Reached(DrillStage.Prepare);

        KernelTree kernel = FindKernel(out byte[] image);
        _logbook.Reached(DrillStage.Kernel, $"{_report.KernelRelease}, {kernel.Origin}");

        var ramdisks = new GuestRamdisks(_options.ProgramPath, kernel);
        var plan = new GuestPlan
        {
            Mode = GuestMode.Drill,
            TargetUuid = disk.Uuid,
            Append = _options.Append,
            Call = KexecCallNames.NameOf(_options.Call ?? KexecCall.KexecLoad),
            Seed = unchecked((ulong)Random.Shared.NextInt64()),
            Crash = DrillCrashNames.NameOf(_options.Crash),
            WaitForGo = NeedsDebugger,
            CrashCpu = CrashCpu,
            BringsCpuUp = _options.AddCpu,
            FreeBytes = _options.Fault == DrillFault.DiskFull ? FreeOnFullDisk : null,
            SaveTruth = _options.SaveTruth,
        };
        string guestRamdisk = BuildRamdisks(ramdisks, plan, disk, image, workspace);
        _logbook.Reached(DrillStage.Ramdisk, $"capture ramdisk {_report.CaptureRamdiskSize}, program {_report.ProgramSize}");

        AcceleratorChoice accelerator = new AcceleratorProbe(qemu, _options.CacheFolder, _time)
            .Choose(_options.AllowKvm, kernel, ramdisks, workspace.Folder, _logbook.Note, _cancellation);
        _report = _report with { Accelerator = accelerator };
        RunGuest(qemu, disk, new GuestConfiguration
        {
            KernelPath = kernel.ImagePath,
            RamdiskPath = guestRamdisk,
            CommandLine = $"console=ttyS0 loglevel=5 panic=5 crashkernel={_options.CrashKernelValue} {_options.FirstAppend}".TrimEnd(),
            DiskPath = disk.Path,
            HasNetwork = _rehearsed.HasRemoteTargets,
            Memory = _options.Memory,
            Cpus = _options.Cpus,
            MaxCpus = _options.AddCpu ? _options.Cpus + 1 : _options.Cpus,
            FirmwarePath = _options.Uefi ? UefiFirmware.Find() : null,
            Accelerator = accelerator.Accelerator,
            DebuggerSocket = NeedsDebugger ? workspace.File("gdb") : null,
        }, workspace);
        if (_rehearsed.HasRemoteTargets)
        {
            RequireRemote(disk, workspace);
        }
        else
        {
            Verify(disk, workspace);
        }
    }

    // What another host took is there, where this machine may not even be able to look.
    private void RequireRemote(TargetDisk disk, DrillWorkspace workspace)
    {
        string saved = _report.Find(DrillStage.ManifestSaved)?.Detail ?? "";
        if (saved.StartsWith(RamdiskLayout.TargetMount + "/", StringComparison.Ordinal))
        {
            ReadWhatIsLeft(disk, workspace);
            throw Failure($"no other host took the crash, it is on the guest's own disk: {saved}");
        }

        _report = _report with { SavedElsewhere = saved };
    }

    // What is done to the guest from outside, once it waits for it.
    private bool NeedsDebugger =>
        _options.AddCpu || _options.Fault == DrillFault.CorruptSegment || CrashPlan.Of(_options.Crash).MonitorCommand is not null;

    // One that is added comes after those that are there.
    private int? CrashCpu => _options.AddCpu ? _options.Cpus : _options.CrashCpu;

    private KernelTree FindKernel(out byte[] image)
    {
        KernelTree kernel = _options.KernelPath is { } path
            ? KernelFinder.Explicit(path, _options.ModulesFolder)
            : new KernelFinder(_options.CacheFolder, _options.SearchPath)
                .Default(_options.RunningRelease, _logbook.Note, _cancellation);
        image = File.ReadAllBytes(kernel.ImagePath);
        BzImage parsed = BzImage.Parse(image, kernel.ImagePath);
        _report = _report with { Kernel = kernel, KernelRelease = parsed.Release };
        if (_options.Fault == DrillFault.StuckCapture)
        {
            byte[] jumpToSelf = [0xEB, 0xFE];
            jumpToSelf.CopyTo(image, (long)parsed.Entry64.Value);
        }

        return kernel;
    }

    private string BuildRamdisks(GuestRamdisks ramdisks, GuestPlan plan, TargetDisk disk, byte[] image, DrillWorkspace workspace)
    {
        CaptureSettings settings = _rehearsed.For(disk.Uuid);
        CaptureNeeds needs = CaptureNeeds.Of(
            settings, new BlockDeviceFinder(_time), (host, _) => GuestNetwork.PlanFor(host, HostAddresses.Of));
        RamdiskImage capture = ramdisks.BuildCapture(
            System.Text.Encoding.UTF8.GetBytes(settings.ToText()),
            _options.Fault == DrillFault.MissingModule
                ? [.. needs.Modules.Except(TargetModules.ForFileSystem("ext4"), StringComparer.Ordinal)] : needs.Modules,
            needs.Files);
        RamdiskImage guest = ramdisks.BuildGuest(plan, image, capture);
        if (_options.RebootFirst)
        {
            guest = ramdisks.BuildReboot(image, guest);
        }

        string path = workspace.File("guest-ramdisk");
        File.WriteAllBytes(path, guest.Content.Span);
        _report = _report with
        {
            CaptureRamdiskSize = new ByteCount((ulong)capture.Content.Length),
            ProgramSize = new ByteCount((ulong)new FileInfo(_options.ProgramPath).Length),
        };
        return path;
    }

    private void RunGuest(string qemu, TargetDisk disk, GuestConfiguration configuration, DrillWorkspace workspace)
    {
        var run = new GuestRun(_logbook, _options, configuration.DebuggerSocket);
        try
        {
            run.Watch(GuestMachine.Start(qemu, configuration, _time), _cancellation);
        }
        catch (DrillStageException)
        {
            ReadWhatIsLeft(disk, workspace);
            throw;
        }
        finally
        {
            _console = run.Console;
        }
    }

    private void Verify(TargetDisk disk, DrillWorkspace workspace)
    {
        string? folder = ReadRecords(disk, workspace);
        if (folder is null || _report.Manifest is null || _report.Truth is null)
        {
            throw Failure("the target disk has no dump, or no manifest, or no record of the guest");
        }

        _logbook.Reached(DrillStage.Extract);
        if (_options.Settings?.SealTo is not null)
        {
            // Nobody here can open it; that it is whole its hashes tell.
            _report = ManifestCheck.FirstMismatch(folder, _report.Manifest) is { } damaged
                ? throw Failure(damaged) : _report with { IsSealed = true };
            return;
        }

        using DumpSource dump = DumpSource.Open(Path.Combine(folder, CaptureRun.DumpFile));
        (ulong read, ulong faults, MemoryFault first) = DumpCheck.Run(dump, _cancellation);
        _report = _report with { Crash = CrashReport.Create(dump) };
        if (dump.IsIncomplete || faults > 0)
        {
            throw Failure($"the dump is damaged: {faults} of {read + faults} pages cannot be read, first: {first}");
        }

        if (ManifestCheck.FirstMismatch(folder, _report.Manifest) is { } mismatch)
        {
            throw Failure(mismatch);
        }

        _logbook.Reached(DrillStage.Open, $"{read} pages read");

        _report = _report with { Patterns = PatternCheck.Run(dump, _report.Truth, _options.Level) };
        // A kernel without memory takes that of its cache.
        if (_report.Patterns.FirstOrDefault(pattern => !pattern.IsRight
            && (_options.Crash != DrillCrash.Oom || pattern.Kind != PatternKind.PageCache)) is { } wrong)
        {
            throw Failure(
                $"known bytes of kind {wrong.Kind} should be {(wrong.ShouldBeKept ? "in" : "left out of")} the dump: of "
                + $"{wrong.Pages} pages {wrong.Intact} are there, {wrong.Excluded} left out, {wrong.Wrong} wrong");
        }

        _logbook.Reached(DrillStage.Patterns);

        var plan = CrashPlan.Of(_options.Crash);
        if (_report.Crash.Panic?.Kind != plan.Kind
            || (plan.Place is { } place && !IsAt(_report.Crash.Site, place)))
        {
            throw Failure($"the crash was of the kind {plan.Kind}{(plan.Place is null ? "" : $", in {plan.Place}")}, and the dump says: "
                + $"{_report.Crash.Panic?.Kind.ToString() ?? "nothing"}, in {_report.Crash.Site?.Place ?? "no known place"}");
        }

        if (CrashCpu is { } cpu && _report.Crash.Panic.Cpu != cpu)
        {
            throw Failure($"the crash was made on CPU {cpu}, and the dump says: {_report.Crash.Panic.Cpu?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
        }

        _logbook.Reached(DrillStage.PanicMessage);
    }

    // The function itself, or one that it has called: a spin lock's.
    private static bool IsAt(CrashSite? site, string function)
    {
        foreach (string frame in site?.Frames ?? [])
        {
            if (CrashSignature.FunctionOf(frame) == function)
            {
                return true;
            }
        }

        return false;
    }

    // Even a capture that failed may have left its log, its manifest, its record: the report has what there is. A disk that
    // a dying guest left half written must not hide why the guest died.
    private void ReadWhatIsLeft(TargetDisk disk, DrillWorkspace workspace)
    {
        try
        {
            ReadRecords(disk, workspace);
        }
        catch (Exception exception) when (exception is DiagnosticException or IOException or UnauthorizedAccessException)
        {
            _logbook.Note($"the target disk cannot be read: {exception.Message}");
        }
    }

    // Takes everything off the target disk, into the folder to keep when there is one; gives the dump's own folder.
    private string? ReadRecords(TargetDisk disk, DrillWorkspace workspace)
    {
        string records = Directory.CreateDirectory(workspace.File("records")).FullName;
        string truth = Path.Combine(records, GuestTruth.FileName);
        disk.ReplayJournal(_cancellation);
        if (disk.TryExtractFile($"/{GuestPlan.RecordFolder}/{GuestTruth.FileName}", truth, _cancellation))
        {
            _report = _report with { Truth = GuestTruth.Load(truth) };
        }

        if (!disk.TryExtract(_rehearsed.Folder, records, _cancellation)
            || Directory.EnumerateDirectories(Path.Combine(records, Path.GetFileName(_rehearsed.Folder))).FirstOrDefault() is not { } dump)
        {
            return null;
        }

        if (_options.KeepFolder is not null)
        {
            Keep(dump, Directory.CreateDirectory(_options.KeepFolder).FullName);
            if (_options.SaveTruth)
            {
                disk.TryExtractFile(
                    $"/{GuestPlan.RecordFolder}/{KernelTruth.FileName}", Path.Combine(_options.KeepFolder, KernelTruth.FileName), _cancellation);
            }
        }

        string manifest = Path.Combine(dump, CaptureManifest.FileName);
        if (File.Exists(manifest))
        {
            _report = _report with { Manifest = CaptureManifest.Load(manifest) };
        }

        string saved = Path.Combine(dump, CaptureRun.ReportText);
        if (File.Exists(saved))
        {
            _report = _report with { SavedReport = SavedReportText.Read(saved) };
        }

        return dump;
    }

    // The user's folder gets the files themselves; nothing else in it is touched.
    private void Keep(string dump, string folder)
    {
        foreach (string file in Directory.EnumerateFiles(dump))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        _report = _report with { KeptIn = folder };
    }

    private void KeepConsole()
    {
        if (_options.KeepFolder is not null && _console.Count > 0)
        {
            Directory.CreateDirectory(_options.KeepFolder);
            File.WriteAllLines(Path.Combine(_options.KeepFolder, ConsoleFile), _console);
        }
    }

    private void Fail(string what, string? hint) => _report = _report with { Failure = Failure(what, hint).Failure };

    private DrillStageException Failure(string what, string? hint = null) =>
        new(new DrillFailure
        {
            Stage = _logbook.Next,
            What = what,
            Hint = hint ?? FailureHint.Find(_console),
            ConsoleTail = GuestRun.Tail(_console),
        });
}
