using Lifeboat.Capture.Watchdogs;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Watchdogs;

public sealed class WatchdogNeedsTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _system = new();

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Its_driver_and_those_above_it_go_into_the_ramdisk_unless_the_settings_leave_it_alone()
    {
        Watchdog("inactive");
        var needs = new WatchdogNeeds(_system.Path);
        Assert.Equal(["i6300esb", "i2c_i801"], needs.Modules(Minute));
        Assert.Empty(needs.Modules(null));
        Assert.Empty(needs.Check(Minute, static _ => true));
        Assert.Empty(needs.Check(null, static _ => false));
    }

    [Theory]
    [InlineData("active", "120", true, null)]
    [InlineData("active", "120", false, "neither in it nor built into the kernel")]
    [InlineData("active", "15", true, "15 s")]
    public void One_that_runs_must_have_its_driver_and_time_for_a_kernel_to_boot(string state, string timeout, bool hasDriver, string? found)
    {
        Watchdog(state, timeout);
        (bool IsFatal, Diagnostic Diagnostic)[] findings = [.. new WatchdogNeeds(_system.Path).Check(Minute, name => hasDriver || name != "i6300esb")];
        Assert.Equal(found, findings.SingleOrDefault().Diagnostic?.Found);
        Assert.Equal(found is not null && !hasDriver, findings.SingleOrDefault().IsFatal);
    }

    [Fact]
    public void One_that_runs_and_is_left_alone_would_end_the_capture()
    {
        Watchdog("active");
        (bool isFatal, Diagnostic diagnostic) = Assert.Single(new WatchdogNeeds(_system.Path).Check(null, static _ => true));
        Assert.True(isFatal);
        Assert.Equal((CaptureDiagnostics.WatchdogRuns, "watchdog off"), (diagnostic.Id, diagnostic.Found));
    }

    [Fact]
    public void Without_its_driver_one_that_stands_still_could_not_end_a_capture()
    {
        Watchdog("inactive");
        Assert.All(new WatchdogNeeds(_system.Path).Check(Minute, static _ => false), static finding => Assert.False(finding.IsFatal));
    }

    [Fact]
    public void The_management_controller_s_is_known_by_its_module_that_is_loaded()
    {
        foreach (string module in (string[])["ipmi_si", "ipmi_watchdog"])
        {
            Directory.CreateDirectory(_system.Combine("module/" + module));
        }

        var needs = new WatchdogNeeds(_system.Path);
        Assert.Equal(["ipmi_si", "ipmi_watchdog"], needs.Modules(Minute));
        Assert.Empty(needs.Modules(null));
        Assert.Empty(needs.Check(Minute, static _ => true));
        (bool isFatal, Diagnostic diagnostic) = Assert.Single(needs.Check(Minute, static name => name == "ipmi_si"));
        Assert.False(isFatal);
        Assert.Equal("ipmi_watchdog", diagnostic.Expected);
    }

    private void Watchdog(string state, string timeout = "60")
    {
        const string Bus = "devices/pci0000:00/0000:00:1f.4", Device = $"{Bus}/platform-wdt/watchdog/watchdog0";
        _system.Write($"{Device}/identity", "i6300ESB timer\n");
        _system.Write($"{Device}/state", state + "\n");
        _system.Write($"{Device}/timeout", timeout + "\n");
        Directory.CreateDirectory(_system.Combine("class/watchdog"));
        Link("class/watchdog/watchdog0", Device);
        Driver($"{Bus}/platform-wdt", "i6300esb");
        Driver(Bus, "i2c_i801");
    }

    private void Driver(string device, string module)
    {
        Directory.CreateDirectory(_system.Combine("drivers", module));
        Directory.CreateDirectory(_system.Combine("module", module));
        Link($"{device}/driver", $"drivers/{module}");
        Link($"drivers/{module}/module", $"module/{module}");
    }

    private void Link(string from, string to) => Directory.CreateSymbolicLink(_system.Combine(from), _system.Combine(to));
}
