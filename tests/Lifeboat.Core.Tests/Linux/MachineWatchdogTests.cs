using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Tests.Linux;

public sealed class MachineWatchdogTests : IDisposable
{
    private readonly string _system = Directory.CreateTempSubdirectory("lifeboat-core-").FullName;

    public void Dispose() => Directory.Delete(_system, recursive: true);

    [Fact]
    public void One_that_runs_is_told_with_its_time()
    {
        Watchdog("watchdog0", ("identity", "iTCO_wdt"), ("state", "active"), ("timeout", "30"), ("timeleft", "17"), ("nowayout", "1"));
        MachineWatchdog watchdog = Assert.Single(MachineWatchdog.ReadAll(_system));
        Assert.Equal(
            new MachineWatchdog
            {
                Device = "watchdog0",
                Identity = "iTCO_wdt",
                IsActive = true,
                TimeoutSeconds = 30,
                SecondsLeft = 17,
                CannotBeStopped = true,
            },
            watchdog);
        Assert.Equal("iTCO_wdt, running: it resets the machine after 30 s without a sign", watchdog.ToString());
    }

    [Fact]
    public void The_kernel_s_own_imitation_is_none_and_what_is_missing_is_unknown()
    {
        Watchdog("watchdog1", ("state", "inactive"), ("timeout", "sixty"));
        Watchdog("watchdog0", ("identity", "Software Watchdog"), ("state", "active"));
        MachineWatchdog watchdog = Assert.Single(MachineWatchdog.ReadAll(_system));
        Assert.Equal(new MachineWatchdog { Device = "watchdog1", Identity = "watchdog1" }, watchdog);
        Assert.Equal("watchdog1, stopped", watchdog.ToString());
    }

    [Fact]
    public void A_machine_without_sysfs_has_none() => Assert.Empty(MachineWatchdog.ReadAll(Path.Combine(_system, "none")));

    private void Watchdog(string device, params (string Name, string Text)[] files)
    {
        string folder = Path.Combine(_system, "class/watchdog", device);
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text + "\n");
        }
    }
}
