using System.Collections.Concurrent;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Watchdogs;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests.Watchdogs;

public sealed class HardwareWatchdogTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly FakePower _power = new();

    public void Dispose() => _power.Dispose();

    [Fact]
    public void It_hears_from_a_capture_that_goes_forward_again_and_again()
    {
        using var hardware = new FakeWatchdog();
        var watchdog = new CaptureWatchdog(_power, TimeProvider.System, _lines.Enqueue);
        watchdog.Start(TimeSpan.FromHours(1), PowerAction.Reboot);
        watchdog.Take([hardware]);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(hardware.WaitForSign());
        }

        Assert.Empty(watchdog.StopHardware());
        Assert.True(hardware.IsStopped);
        watchdog.Stop();
        Assert.Null(_power.Action);
    }

    [Fact]
    public void It_hears_nothing_more_once_nothing_goes_forward()
    {
        using var hardware = new FakeWatchdog();
        int signs = 0;
        var watchdog = new CaptureWatchdog(_power, TimeProvider.System, _ => signs = hardware.Signs);
        watchdog.Start(TimeSpan.FromHours(1), PowerAction.Reboot);
        watchdog.Take([hardware]);
        Assert.True(hardware.WaitForSign());
        watchdog.Change(TimeSpan.FromHours(1), TimeSpan.Zero, PowerAction.Reboot);
        Assert.True(_power.Forced.Wait(Patience));
        Assert.Equal(signs, hardware.Signs);
        Assert.False(hardware.IsStopped);
    }

    [Theory]
    [InlineData("reboot", true, false)]
    [InlineData("poweroff", true, true)]
    [InlineData("halt", true, true)]
    [InlineData("halt", false, false)]
    public void It_is_stopped_where_the_machine_is_not_to_start_again(string action, bool canStop, bool isStopped)
    {
        using var hardware = new FakeWatchdog(canStop);
        Execute(Steps($"failure_action {action}", hardware));
        Assert.Equal(isStopped, hardware.IsStopped);
        Assert.Contains(_lines, static line => line.EndsWith("the watchdog a fake resets the machine when this program hangs for 0 s", StringComparison.Ordinal));
        Assert.Equal(!canStop, _lines.Any(static line => line.Contains("the watchdog a fake cannot be stopped", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_that_cannot_be_stopped_hears_from_the_program_while_a_person_has_a_shell()
    {
        using var hardware = new FakeWatchdog(canStop: false);
        bool hasHeard = false;
        Execute(Steps("failure_action shell", hardware) with
        {
            RunProgram = (_, _, _) =>
            {
                hardware.WaitForSign();
                hasHeard = hardware.WaitForSign();
                return null;
            },
        });
        Assert.True(hasHeard);
    }

    [Theory]
    [InlineData("", 60)]
    [InlineData("watchdog 25", 25)]
    [InlineData("watchdog off", null)]
    public void The_settings_say_how_long_it_waits(string line, int? expected)
    {
        int? asked = null;
        Execute(Steps(line) with
        {
            StartWatchdogs = (timeout, _) =>
            {
                asked = (int)timeout.TotalSeconds;
                return [];
            },
        });
        Assert.Equal(expected, asked);
    }

    [Theory]
    [InlineData(60, 600, 60)]
    [InlineData(60, 39, 30)]
    [InlineData(60, 1, 1)]
    [InlineData(60, 0, null)]
    public void A_driver_that_knows_shorter_times_only_gets_the_longest_half_of_halves(int wanted, int most, int? expected) =>
        Assert.Equal(expected, WatchdogDevice.Settle(wanted, seconds => seconds <= most ? seconds : null));

    private static void Execute(CaptureInitSteps steps) => new CaptureInit(steps, TimeProvider.System, "0.1.0").Execute();

    private CaptureInitSteps Steps(string line, params IHardwareWatchdog[] hardware) => new()
    {
        WriteLine = _lines.Enqueue,
        Power = _power,
        ReadSettings = () => CaptureSettings.Parse($"ext4 /dev/vda\n{line}\n", "lifeboat.conf"),
        StartWatchdogs = (_, _) => hardware,
        OpenStore = static (target, _, _, _) => throw new KernelInterfaceException("mount", target.Value, Errno.EIO),
        Save = static (_, _, _, _) => throw new NotSupportedException(),
        RunProgram = static (_, _, _) => null,
        SendToConsole = static (_, _) => { },
    };
}
