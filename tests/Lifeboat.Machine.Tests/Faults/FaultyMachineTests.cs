using Lifeboat.Capture;
using Lifeboat.Capture.Manifest;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>The machine itself fails while it is captured: a disk late, a disk that hangs, the power gone, the capture kernel panicking.</summary>
public sealed class FaultyMachineTests
{
    private const long DiskSize = 1L << 30;
    private static readonly Guid Filesystem = new("5a7e9d10-98a3-4c2e-8c11-000000000001");

    [Fact]
    public void A_disk_that_appears_after_twenty_seconds_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), DiskSize, Filesystem);
        string debugger = folder.File("debugger");
        bool isAdded = false;
        List<string> console = (Capture(GuestMode.Crash, Drive(disk)) with { DebuggerSocket = debugger }).Run((_, line) =>
        {
            if (!isAdded && line.Contains($"UUID={Filesystem} is waited for, 20 of 30 s", StringComparison.Ordinal))
            {
                isAdded = true;
                using DebuggerPort port = DebuggerPort.Open(debugger);
                port.Monitor("device_add virtio-blk-pci,drive=late");
            }
        });
        Assert.True(isAdded, FaultyCapture.Readable(console));
        Assert.Equal(["log", "report", "dump"], TheOne(disk, folder, "", console).SavedTiers());
    }

    /// <summary>It dies in the log, in the report, in the dump, in the manifest.</summary>
    [Theory]
    [InlineData(CaptureMilestone.TargetReady)]
    [InlineData(CaptureMilestone.LogDurable)]
    [InlineData(CaptureMilestone.ReportDurable)]
    [InlineData(CaptureMilestone.DumpDurable)]
    public void A_capture_kernel_that_panics_itself_resets_the_machine_and_what_was_durable_stands(CaptureMilestone after)
    {
        if (after != CaptureMilestone.ReportDurable)
        {
            TestMachine.RequireNightly();
        }

        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), DiskSize, Filesystem);
        string debugger = folder.File("debugger");
        FaultyCapture capture = Capture(GuestMode.Drill, [.. Drive(disk), "-device", "virtio-blk-pci,drive=late"]);
        List<string> console = (capture with
        {
            DebuggerSocket = debugger,
            Plan = capture.Plan with { Append = FaultyCapture.PanicsWhenAsked },
            Settings = capture.Settings + "\ncompression lzo", // Debian's makedumpfile reads no zstd
        }).Run((_, line) =>
        {
            if (FaultyCapture.Tells(line, after))
            {
                FaultyCapture.Panic(debugger);
            }
        });
        string said = FaultyCapture.Said(console);
        Assert.True(said.Contains("Kernel panic - not syncing: NMI", StringComparison.Ordinal), said);
        Assert.DoesNotContain("final action", said, StringComparison.Ordinal);
        if (after == CaptureMilestone.ReportDurable)
        {
            AssertUnfinished(TheOne(disk, folder, ".partial", console));
        }
        else if (after == CaptureMilestone.DumpDurable)
        {
            // The dump is named by the time that it is told; the manifest may have come, too.
            bool isWhole = console.Exists(static line => FaultyCapture.Tells(line, CaptureMilestone.ManifestDurable));
            SavedCrash crash = TheOne(disk, folder, isWhole ? "" : ".partial", console);
            Assert.Contains("log", crash.SavedTiers());
            TestMachine.RunOracle("makedumpfile", "--dump-dmesg", Path.Combine(crash.Folder, "vmcore.kdump"), folder.File("log"));
            Assert.Contains("sysrq triggered crash", File.ReadAllText(folder.File("log")), StringComparison.Ordinal);
        }
        else if (after == CaptureMilestone.LogDurable)
        {
            Assert.Contains("sysrq triggered crash", TheOne(disk, folder, ".partial", console).Text(CaptureRun.LogFile), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_machine_that_loses_its_power_in_the_middle_of_the_dump_keeps_log_and_report()
    {
        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), DiskSize, Filesystem);
        List<string> console = CutAfter(disk, folder, 20 << 20, static (_, guest) => guest.Kill());
        Assert.True(disk.IsDirty);
        AssertUnfinished(TheOne(disk, folder, ".partial", console));
    }

    [Fact]
    public void A_disk_that_hangs_is_left_at_the_deadline()
    {
        TestMachine.RequireNightly();
        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), DiskSize, Filesystem);
        List<string> console = CutAfter(disk, folder, 20 << 20, static (recorded, _) => recorded.Hang());
        string said = FaultyCapture.Said(console);
        Assert.Contains("the deadline has passed", said, StringComparison.Ordinal);
        AssertUnfinished(TheOne(disk, folder, ".partial", console));
    }

    /// <summary>The report is made by a process that goes first when memory runs out: in 96M there is one of the log then.</summary>
    [Theory]
    [InlineData("96M")]
    [InlineData("112M")]
    public void In_a_small_reservation_fewer_threads_compress_and_all_tiers_are_saved(string crashKernel)
    {
        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), DiskSize, Filesystem);
        FaultyCapture capture = Capture(GuestMode.Drill, [.. Drive(disk), "-device", "virtio-blk-pci,drive=late"]);
        List<string> console = (capture with { CrashKernel = crashKernel, Settings = capture.Settings + "\nthreads 64" }).Run();
        SavedCrash crash = TheOne(disk, folder, "", console);
        Assert.True(crash.SavedTiers() is ["log", "report", "dump"], FaultyCapture.Readable(console));
        Assert.Contains(crash.Manifest.Notices, static notice => notice.Contains("memory is short", StringComparison.Ordinal));
    }

    // The disk does something when so many bytes of the dump were written.
    private static List<string> CutAfter(DiskImage disk, TemporaryFolder folder, long bytes, Action<RecordedDisk, GuestMachine> action)
    {
        using var recorded = new RecordedDisk(disk.Path, folder);
        FaultyCapture capture = Capture(GuestMode.Drill, [.. recorded.Arguments]);
        return (capture with { Settings = capture.Settings + "\ndeadline 40\ndump_level 17" }).Run((guest, line) =>
        {
            if (FaultyCapture.Tells(line, CaptureMilestone.ReportDurable))
            {
                recorded.After(bytes, () => action(recorded, guest));
            }

            if (line.Contains("sysrq: Power Off", StringComparison.Ordinal))
            {
                // The kernel switches devices off now. QEMU stands still until one that it resets has answered all.
                recorded.Release();
            }
        });
    }

    private static string[] Drive(DiskImage disk) => ["-drive", $"file={disk.Path},if=none,id=late,format=raw,cache=unsafe"];

    private static FaultyCapture Capture(GuestMode mode, params IEnumerable<string> devices) => new()
    {
        Plan = new GuestPlan { Mode = mode, TargetUuid = Filesystem, Seed = 1 },
        Settings = $"ext4 UUID={Filesystem}\ndisk_timeout 30",
        Devices = [.. devices],
    };

    private static void AssertUnfinished(SavedCrash crash)
    {
        // The manifest that tells of the report comes just after it.
        Assert.Equal("log", crash.SavedTiers()[0]);
        Assert.Contains("sysrq triggered crash", crash.Text(CaptureRun.ReportText), StringComparison.Ordinal);
        Assert.False(crash.Manifest.Complete);
        Assert.Equal(TierStatus.NotStarted, crash.Manifest.Tiers[^1].Status);
        Assert.Contains("did not finish", crash.Manifest.Reason, StringComparison.Ordinal);
    }

    private static SavedCrash TheOne(DiskImage disk, TemporaryFolder folder, string suffix, List<string> console)
    {
        string found = disk.TakeOut(folder.File("found"));
        Assert.True(Directory.Exists(found), FaultyCapture.Readable(console));
        string[] folders = Directory.GetDirectories(found);
        Assert.True(
            folders.Length == 1 && folders[0].EndsWith("-drill-guest" + suffix, StringComparison.Ordinal),
            string.Join(", ", folders) + "\n" + FaultyCapture.Readable(console));
        return new SavedCrash(folders[0]);
    }
}
