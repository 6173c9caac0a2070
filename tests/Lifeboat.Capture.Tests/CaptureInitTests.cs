using System.Collections.Concurrent;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests;

public sealed class CaptureInitTests : IDisposable
{
    private const string Settings = "ext4 /dev/vda\nfinal_action poweroff\nfailure_action halt\n";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly FakePower _power = new();

    public void Dispose() => _power.Dispose();

    [Fact]
    public void Passes_every_milestone_and_ends_with_the_final_action()
    {
        using var folder = new TemporaryFolder();
        Assert.True(Execute(Steps(folder)));
        Assert.Equal(PowerAction.PowerOff, _power.Action);
        Assert.Equal(
            Enum.GetValues<CaptureMilestone>().Where(milestone => milestone != CaptureMilestone.Failed), Milestones());
        Assert.Single(Directory.GetDirectories(folder.Combine("var", "crash")));
        Assert.Contains(_lines, line => line.EndsWith("modules loaded: 1 of 2", StringComparison.Ordinal));
        Assert.Contains(_lines, line => line.Contains("note: module crc32c_intel is not loaded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mount")]
    [InlineData("settings")]
    [InlineData("no target")]
    [InlineData("modules")]
    [InlineData("target")]
    [InlineData("save")]
    [InlineData("incomplete")]
    public void Whatever_fails_the_failure_action_is_taken(string what)
    {
        using var folder = new TemporaryFolder();
        CaptureInitSteps steps = Steps(folder);
        var refusal = new KernelInterfaceException(what, null, Errno.EIO);
        steps = what switch
        {
            "mount" => steps with { PrepareMachine = () => throw refusal },
            "settings" => steps with { ReadSettings = () => CaptureSettings.Parse("nonsense", "lifeboat.conf") },
            "no target" => steps with { ReadSettings = () => CaptureSettings.Parse("failure_action halt", "lifeboat.conf") },
            "modules" => steps with { LoadModules = () => throw new InvalidOperationException("modules") },
            "target" => steps with { MountTarget = (_, _, _) => throw refusal },
            "save" => steps with { Save = (_, _, _) => throw new NotSupportedException() },
            _ => steps with
            {
                Save = (request, _, _) => new CaptureResult(null, new CaptureManifest { ToolVersion = "1", Tiers = [], Reason = "because" }),
            },
        };
        Assert.False(Execute(steps));
        PowerAction expected = what is "mount" or "settings" ? PowerAction.Reboot : PowerAction.Halt;
        Assert.Equal(expected, _power.Action);
        Assert.Equal([CaptureMilestone.Failed, CaptureMilestone.FinalAction], Milestones().TakeLast(2));
        Assert.True(_power.Forced.IsSet);
    }

    [Fact]
    public void A_target_that_cannot_be_unmounted_is_a_note_only()
    {
        using var folder = new TemporaryFolder();
        Assert.True(Execute(Steps(folder) with
        {
            Unmount = path => throw new KernelInterfaceException("umount", path, Errno.EBUSY),
        }));
        Assert.Equal(PowerAction.PowerOff, _power.Action);
    }

    [Fact]
    public void The_watchdog_ends_the_machine_s_run_while_everything_else_hangs()
    {
        var watchdog = new CaptureWatchdog(_power, _lines.Enqueue);
        watchdog.Start(TimeSpan.FromHours(1), PowerAction.Reboot);
        watchdog.Change(TimeSpan.Zero, PowerAction.Halt);
        Assert.True(_power.Forced.Wait(Patience));
        Assert.Equal(PowerAction.Halt, _power.Action);
        Assert.Contains("the deadline has passed", _lines);
    }

    [Fact]
    public void The_watchdog_does_not_wait_for_a_console_that_hangs()
    {
        using var never = new ManualResetEventSlim();
        var watchdog = new CaptureWatchdog(_power, _ => never.Wait());
        watchdog.Start(TimeSpan.Zero, PowerAction.PowerOff);
        Assert.True(_power.Finished.Wait(Patience));
        never.Set();
    }

    [Fact]
    public void A_watchdog_that_is_stopped_does_nothing()
    {
        var watchdog = new CaptureWatchdog(_power, _lines.Enqueue);
        watchdog.Start(TimeSpan.FromHours(1), PowerAction.Reboot);
        watchdog.Stop();
        Assert.Null(_power.Action);
    }

    private static bool Execute(CaptureInitSteps steps) => new CaptureInit(steps, TimeProvider.System, "0.1.0").Execute();

    private CaptureInitSteps Steps(TemporaryFolder folder) => new()
    {
        WriteLine = _lines.Enqueue,
        Power = _power,
        ReadSettings = () => CaptureSettings.Parse(Settings, "lifeboat.conf"),
        LoadModules = () =>
        [
            new ModuleLoadResult("/lib/modules/ext4.ko", Errno.None),
            new ModuleLoadResult("/lib/modules/crc32c_intel.ko", Errno.ENODEV),
        ],
        MountTarget = (_, _, _) => folder.Path,
        ReportProgram = "lifeboat",
        Save = (request, reporter, token) =>
            new CaptureRun(request, reporter, TimeProvider.System, FakeDump.Steps).Execute(token),
    };

    private IEnumerable<CaptureMilestone> Milestones() => _lines
        .Select(line => CaptureMilestones.TryParse(line, out CaptureMilestoneLine parsed) ? parsed.Milestone : (CaptureMilestone?)null)
        .OfType<CaptureMilestone>();
}
