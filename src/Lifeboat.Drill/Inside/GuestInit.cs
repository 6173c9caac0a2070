using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside.Interop;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Drill.Inside;

/// <summary>
/// What the program does as init of a drill's first kernel: loads the capture kernel, makes the machine worth dumping,
/// and crashes it. Whatever fails is told on the console, and the guest powers off.
/// </summary>
public sealed class GuestInit
{
    private const string HostName = "drill-guest";
    private const long FillerStep = 16 << 20;

    private readonly GuestPlan _plan;
    private readonly TimeProvider _time;
    private readonly ConsoleLines _console = new(1);

    private GuestInit(GuestPlan plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
    }

    /// <summary>Whether this ramdisk is one of a drill's first kernel.</summary>
    public static bool IsGuest => File.Exists(GuestPlan.Path);

    /// <summary>Runs as process 1. Ends with the machine.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Process 1: what is not foreseen is told on the console, and the guest ends.")]
    public static void Run(TimeProvider time)
    {
        var console = new ConsoleLines(1);
        try
        {
            EarlyUserspace.MountBasics();
            new GuestInit(GuestPlan.Load(GuestPlan.Path), time).Run();
        }
        catch (Exception exception)
        {
            console.Write(GuestMilestones.Prefix + GuestMilestones.Failed + exception.Message.ReplaceLineEndings("; "));
        }

        console.Drain();
        new MachinePower().Finish(PowerAction.PowerOff);
    }

    private void Run()
    {
        if (_plan.Mode == GuestMode.Probe)
        {
            Tell(GuestMilestones.Up);
            return;
        }

        File.WriteAllText("/proc/sys/kernel/hostname", HostName);
        if (_plan.Mode == GuestMode.Commands)
        {
            RunCommands();
            return;
        }

        if (_plan.Mode == GuestMode.Drill)
        {
            EarlyUserspace.LoadModules();
            MountTarget();
        }

        Tell(GuestMilestones.Up);
        IReadOnlyList<LoadSegment> segments = Arm(out string armed);
        Tell($"{GuestMilestones.Armed} {armed}");
        if (_plan.Mode == GuestMode.Drill)
        {
            Rehearse(segments);
        }

        Tell(GuestMilestones.Panicking);
        _console.Drain();
        CrashMaker.Crash(HowToCrash);
    }

    // Everything that makes the machine worth dumping, and the record that the dump is compared with.
    private void Rehearse(IReadOnlyList<LoadSegment> segments)
    {
        PageMix.Make();
        if (_plan.SaveTruth)
        {
            Scene.Make();
        }

        string folder = Directory.CreateDirectory(Path.Combine(RamdiskLayout.TargetMount, GuestPlan.RecordFolder)).FullName;
        var truth = new GuestTruth
        {
            Seed = _plan.Seed,
            Patterns = FillMemory(Path.Combine(folder, GuestPlan.CacheFile)),
            Release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            Tasks = Workload.Start(RamdiskLayout.Init, _time, all: _plan.SaveTruth),
            Segments = [.. segments.Select(segment =>
                new LoadedSegment(segment.Name, segment.Range.Start.Value, segment.Range.Length.Value))],
            ReservedBytes = KexecStatus.Read().ReservationSize?.Value ?? 0,
        };
        File.WriteAllBytes(
            Path.Combine(folder, GuestTruth.FileName),
            JsonSerializer.SerializeToUtf8Bytes(truth, GuestJsonContext.Default.GuestTruth));
        if (_plan.FreeBytes is { } free)
        {
            FillDisk(Path.Combine(folder, "filler"), free);
        }

        FileSystemMount.SyncFileSystem(RamdiskLayout.TargetMount);
        Tell($"{GuestMilestones.WorkloadReady} {truth.Tasks.Count} processes, "
            + $"{truth.Patterns.Sum(pattern => pattern.Pfns.Count)} pages of known bytes");

        if (_plan.SaveTruth)
        {
            // The console's lines go out first: what they change in memory is not to come after the record.
            _console.Drain();
            Tell($"{GuestMilestones.TruthSaved} {KernelTruth.Save(Path.Combine(folder, KernelTruth.FileName))} files");
        }

        if (_plan.WaitForGo)
        {
            CrashMaker.Prepare(HowToCrash);
            Tell(GuestMilestones.Waiting + " " + string.Join(' ', truth.Segments.Select(segment =>
                $"{segment.Name}@{segment.Start:x}+{segment.Length:x}")));
            using var console = new StreamReader("/dev/console");
            _ = console.ReadLine();
        }

        if (_plan.CrashCpu is { } cpu)
        {
            PrepareCpu(cpu);
        }
    }

    private PatternPages[] FillMemory(string cacheFile)
    {
        using var map = new PageMap();
        return
        [
            PatternMemory.FillUser(map, _plan.Seed, _plan.UserPages),
            PatternMemory.FillPageCache(map, _plan.Seed, _plan.CachePages, cacheFile),
            PatternMemory.FillKernel(map, _plan.Seed, _plan.KernelPages),
        ];
    }

    // Where the kernel does not follow by itself, a CPU that came later saves no registers until the image is loaded anew.
    private void PrepareCpu(int cpu)
    {
        if (_plan.BringsCpuUp)
        {
            GuestCpus.BringUp(cpu);
            if (!GuestCpus.KernelFollows)
            {
                Arm(out _);
            }
        }

        GuestCpus.RunOn(cpu);
    }

    private DrillCrash HowToCrash =>
        DrillCrashNames.TryParse(_plan.Crash, out DrillCrash crash) ? crash : throw new InvalidDataException(_plan.Crash);

    private void RunCommands()
    {
        string[] commands = _plan.Commands.Split('\n');
        for (int number = 0; number < commands.Length; number++)
        {
            // All that was said stands on the console before the command says something.
            Tell($"{GuestMilestones.Command} {number}");
            _console.Drain();
            var start = new ProcessStartInfo(RamdiskLayout.Init, commands[number].Split(' '));

            // The console is a terminal, and its lines are read by a program.
            start.Environment["NO_COLOR"] = "1";
            using Process command = Process.Start(start)!;
            command.WaitForExit();
            Tell($"{GuestMilestones.CommandEnded} {number} {command.ExitCode}");
        }
    }

    private void MountTarget()
    {
        string device = new BlockDeviceFinder(_time).WaitFor(DeviceSelector.ForUuid(_plan.TargetUuid), TimeSpan.FromSeconds(30));
        Directory.CreateDirectory(RamdiskLayout.TargetMount);
        FileSystemMount.Mount(device, RamdiskLayout.TargetMount, _plan.FileSystem);
    }

    // The segments, of which kexec_file_load tells nothing.
    private IReadOnlyList<LoadSegment> Arm(out string armed)
    {
        var machine = MachineDescription.ReadLive();
        string commandLine = CaptureCommandLine.FromRunning(machine.CommandLine, _plan.Append, bootCpu: machine.BootCpu);
        var kernel = KernelFile.Open(File.ReadAllBytes(GuestPlan.KernelPath), GuestPlan.KernelPath);
        if (KexecCallNames.Parse(_plan.Call) == KexecCall.KexecFileLoad)
        {
            KexecLoader.Load(FileLoad.Prepare(new FileLoadRequest
            {
                KernelPath = GuestPlan.KernelPath,
                Kernel = kernel,
                Ramdisks = [GuestPlan.RamdiskPath],
                CommandLine = commandLine,
                Flags = FileLoadFlags.OnCrash,
            }));
            armed = "by kexec_file_load, where the kernel chose";
            return [];
        }

        LoadPlan plan = CrashLoadPlanner.Plan(new CrashLoadRequest
        {
            Kernel = kernel,
            Ramdisk = File.ReadAllBytes(GuestPlan.RamdiskPath),
            CommandLine = commandLine,
            Machine = machine,
            Hotplug = machine.CrashElfCoreHeaderSize is not null,
            HandOver = new HandOverOptions { RandomSeed = RebootImage.NewSeed() },
        });
        KexecLoader.Load(plan);
        armed = $"{plan.Segments.Count} segments in {plan.Reservation}";
        return plan.Segments;
    }

    private static void FillDisk(string path, long free)
    {
        using FileStream file = File.Create(path);
        int descriptor = (int)file.SafeFileHandle.DangerousGetHandle();

        // fallocate takes space without writing it: ever smaller pieces until nothing is left.
        for (long step = FillerStep; step >= Pfn.PageSize;)
        {
            if (LibC.Fallocate(descriptor, 0, file.Length, step) != 0)
            {
                step /= 2;
            }
        }

        file.SetLength(Math.Max(0, file.Length - free));
    }

    private void Tell(string text) => _console.Write(GuestMilestones.Prefix + text);
}
