using Lifeboat.Capture;
using Lifeboat.Drill.Inside;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>A guest has a watchdog of its own (an Intel 6300ESB, or its management controller's), which the capture starts.</summary>
public sealed class HardwareWatchdogTests
{
    private static readonly Guid Filesystem = new("5a7e9d10-98a3-4c2e-8c11-000000000002");

    [Fact]
    public void A_capture_that_takes_longer_than_the_watchdog_waits_is_let_finish()
    {
        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), 1L << 30, Filesystem);
        List<string> console = Capture(disk, "i6300esb").Run();
        string said = FaultyCapture.Said(console);
        Assert.Contains(InHand("i6300ESB timer"), said, StringComparison.Ordinal);
        Assert.Contains("final action: poweroff", said, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be stopped", said, StringComparison.Ordinal);
        Assert.Equal(["log", "report", "dump"], SavedCrash(disk, folder).SavedTiers());
    }

    /// <summary>
    /// A capture kernel that stands still after its panic is ended by nothing else: no process runs there any more. The management
    /// controller's driver lets a panicking kernel have 255 s unless its parameter says otherwise.
    /// </summary>
    [Theory]
    [InlineData("i6300esb", "i6300ESB timer")]
    [InlineData("ipmi_watchdog", "IPMI")]
    public void A_capture_kernel_that_stands_still_is_ended_by_the_watchdog(string driver, string identity)
    {
        if (driver == "ipmi_watchdog")
        {
            TestMachine.RequireNightly();
        }

        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), 1L << 30, Filesystem);
        string debugger = folder.File("debugger");
        FaultyCapture capture = Capture(disk, driver);
        List<string> console = (capture with { DebuggerSocket = debugger, Plan = capture.Plan with { Append = $"{FaultyCapture.PanicsWhenAsked} panic=0 {driver}.panic_wdt_timeout=10" } }).Run((_, line) =>
        {
            if (FaultyCapture.Tells(line, CaptureMilestone.ReportDurable))
            {
                FaultyCapture.Panic(debugger);
            }
        });
        string said = FaultyCapture.Said(console);
        Assert.Contains(InHand(identity), said, StringComparison.Ordinal);
        Assert.Contains("end Kernel panic", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Rebooting", said, StringComparison.Ordinal);
        Assert.DoesNotContain("final action", said, StringComparison.Ordinal);
        Assert.Equal("log", SavedCrash(disk, folder).SavedTiers()[0]);
    }

    private static string InHand(string identity) => $"the watchdog {identity} resets the machine when this program hangs for 10 s";

    private static FaultyCapture Capture(DiskImage disk, string driver) => new()
    {
        Plan = new GuestPlan { Mode = GuestMode.Drill, TargetUuid = Filesystem, Seed = 1 },
        Settings = $"ext4 UUID={Filesystem}\nwatchdog 10\nextra_modules {(driver == "i6300esb" ? driver : $"ipmi_si {driver}")}",
        Devices =
        [
            .. FaultyCapture.Drives(disk.Path),
            .. driver == "i6300esb"
                ? (string[])["-device", "i6300esb", "-action", "watchdog=reset"]
                : ["-device", "ipmi-bmc-sim,id=controller", "-device", "isa-ipmi-kcs,bmc=controller"],
        ],
    };

    private static SavedCrash SavedCrash(DiskImage disk, TemporaryFolder folder) =>
        new(Assert.Single(Directory.GetDirectories(disk.TakeOut(folder.File("found")))));
}
