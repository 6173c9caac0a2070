using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;
using Lifeboat.Drill.Tests.TestSupport;
using Lifeboat.Drill.Verification;
using Lifeboat.Inspect;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Drill.Tests.Reporting;

/// <summary>Reports that are built by hand.</summary>
internal static class Reports
{
    internal static DrillReport Passed { get; } = new()
    {
        Options = TestOptions.Default with { KeepFolder = "/tmp/drill" },
        Milestones = Milestones(DrillStage.PanicMessage),
        Kernel = new KernelTree
        {
            ImagePath = "/boot/vmlinuz-6.1.0-fake",
            ModulesFolder = "/lib/modules/6.1.0-fake",
            Origin = "this machine's own",
        },
        KernelRelease = "6.1.0-fake",
        Accelerator = new AcceleratorChoice(Accelerator.Kvm, "a probe guest booted with it"),
        ProgramSize = ByteCount.FromMiB(9),
        CaptureRamdiskSize = ByteCount.FromKiB(5_500),
        Truth = new GuestTruth
        {
            Seed = 1,
            Patterns = [],
            Release = "6.1.0-fake",
            Tasks = [],
            Segments =
            [
                new LoadedSegment("kernel", 0x7900_0000, 0x300_0000),
                new LoadedSegment("ramdisk", 0x7c00_0000, 0x55_0000),
            ],
            ReservedBytes = 128 << 20,
        },
        Manifest = Manifest,
        Patterns =
        [
            new PatternResult(PatternKind.User, false, 8192, 0, 8192, 0),
            new PatternResult(PatternKind.PageCache, false, 2048, 0, 2048, 0),
            new PatternResult(PatternKind.Kernel, true, 512, 512, 0, 0),
        ],
        Crash = new CrashReport
        {
            Path = "/tmp/drill/vmcore.kdump",
            Format = "kdump-compressed v6",
            IsIncomplete = false,
            Level = DumpLevel.All,
            FileSize = ByteCount.FromMiB(21),
            Ram = ByteCount.FromMiB(2048),
            Kernel = new("Linux", "drill-guest", "6.1.0-fake", "#1 SMP", "x86_64"),
            CrashTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            Panic = new PanicSummary
            {
                Message = "sysrq triggered crash",
                Kind = PanicKind.Sysrq,
                Cpu = 1,
                Pid = 1,
                Command = "init",
                Taint = "Not tainted",
                Uptime = TimeSpan.FromSeconds(7.5),
            },
            Stacks = [new CpuStack(1, 1, "init", ["panic+0x13d/0x2f4", "sysrq_handle_crash+0x16/0x20"], null)],
            Site = new CrashSite { Place = "sysrq_handle_crash+0x16/0x20", Frames = ["sysrq_handle_crash+0x16/0x20"] },
            LogTail = [.. Enumerable.Range(0, 20).Select(line => $"[    7.{line:000000}] line {line}")],
            Diagnostics = [],
        },
        KeptIn = "/tmp/drill",
    };

    internal static DrillReport Failed { get; } = new()
    {
        Options = TestOptions.Default with { Fault = DrillFault.DiskFull, CrashKernel = ByteCount.FromMiB(96), Cpus = 1 },
        Failure = new DrillFailure
        {
            Stage = DrillStage.DumpSaved,
            What = "the capture said: vmcore.kdump: ENOSPC (No space left on device)",
            Hint = "Give it a larger disk",
            ConsoleTail = ["lifeboat: capture: [1.5] log durable", "lifeboat: capture: [2.5] failed: vmcore.kdump"],
        },
        Milestones = Milestones(DrillStage.LogSaved),
        Kernel = Passed.Kernel,
        KernelRelease = "6.1.0-fake",
        Accelerator = new AcceleratorChoice(Accelerator.Emulation, "there is no /dev/kvm"),
        ProgramSize = ByteCount.FromMiB(9),
        CaptureRamdiskSize = ByteCount.FromKiB(5_500),
        Manifest = Manifest with
        {
            Complete = false,
            Reason = "vmcore.kdump: no space",
            Tiers =
            [
                Manifest.Tiers[0],
                Manifest.Tiers[1] with { Status = TierStatus.Failed, Bytes = null, Sha256 = null, Error = "no space left" },
            ],
            Pages = null,
            Memory = new ManifestMemory { TotalBytes = 80 << 20 },
        },
    };

    internal static DrillReport FailedAtOnce { get; } = new()
    {
        Options = TestOptions.Default,
        Failure = new DrillFailure { Stage = DrillStage.Prepare, What = "this machine has no qemu-system-x86_64" },
        Milestones = [],
    };

    private static CaptureManifest Manifest => new()
    {
        ToolVersion = "0.1.0",
        Complete = true,
        Host = "drill-guest",
        KernelRelease = "6.1.0-fake",
        CrashTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        CaptureTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_002),
        DumpLevel = 31,
        Tiers =
        [
            new ManifestTier { Name = "log", File = "dmesg.txt", Status = TierStatus.Saved, Bytes = 63_127, Sha256 = new string('a', 64), Seconds = 0.02 },
            new ManifestTier { Name = "dump", File = "vmcore.kdump", Status = TierStatus.Saved, Bytes = 21 << 20, Sha256 = new string('b', 64), Seconds = 3.04 },
        ],
        Pages = new PageCounts { Total = 524_158, Kept = 13_000, Zero = 158, Free = 490_000, Cache = 11_000, User = 10_000 },
        Memory = new ManifestMemory { PeakResidentBytes = 14 << 20, TotalBytes = 100 << 20, LowestAvailableBytes = 40 << 20 },
    };

    private static DrillMilestone[] Milestones(DrillStage last) =>
        [.. Enum.GetValues<DrillStage>().Where(stage => stage <= last).Select(stage =>
        {
            int count = stage - DrillStage.Prepare + 1;
            return new DrillMilestone(stage, TimeSpan.FromSeconds(count * 0.75), TimeSpan.FromSeconds(0.75), stage == DrillStage.Kernel ? "6.1.0-fake" : "");
        })];
}
