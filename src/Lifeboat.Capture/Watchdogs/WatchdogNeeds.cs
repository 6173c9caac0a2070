using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Watchdogs;

/// <summary>
/// What a capture needs for the machine's own watchdogs: their drivers. One that runs at the crash goes on, and resets the machine in the middle
/// of the dump unless the capture kernel has its driver and winds it up.
/// </summary>
/// <param name="systemFolder">Where sysfs is mounted.</param>
public sealed class WatchdogNeeds(string systemFolder = "/sys")
{
    // From the last sign that the crashed kernel gave to the capture's first: the kernel boots and loads modules meanwhile.
    private const int SecondsUntilFirstSign = 30;

    // The management controller's watchdog is of the old kind: sysfs lists it nowhere, and does not say whether it runs.
    private const string Ipmi = "ipmi_watchdog";

    private const string BuildAgain = "Build it again: lifeboat ramdisk build, then lifeboat arm";

    private const string NotThere = "neither in it nor built into the kernel";

    private const string Stop = "Stop what winds it up and the watchdog itself (systemd: RuntimeWatchdogSec=0)";

    // How the controller may be reached.
    private static readonly string[] IpmiInterfaces = ["ipmi_si", "ipmi_ssif"];

    private readonly IReadOnlyList<MachineWatchdog> _watchdogs = MachineWatchdog.ReadAll(systemFolder);

    private readonly IReadOnlyList<string> _ipmi = IpmiModules(systemFolder);

    /// <summary>The drivers' modules; none where the settings leave watchdogs alone.</summary>
    /// <param name="timeout">The settings' time; null for leaving them alone.</param>
    public IReadOnlyList<string> Modules(TimeSpan? timeout)
    {
        var modules = new List<string>();
        foreach (MachineWatchdog watchdog in timeout is null ? [] : _watchdogs)
        {
            foreach (string module in ModulesOf(watchdog))
            {
                if (!modules.Contains(module))
                {
                    modules.Add(module);
                }
            }
        }

        modules.AddRange(timeout is null ? [] : _ipmi);
        return modules;
    }

    /// <summary>What of a watchdog would end a capture, or miss its purpose.</summary>
    /// <param name="timeout">The settings' time; null for leaving them alone.</param>
    /// <param name="hasDriver">Whether a module is in the ramdisk or built into the kernel.</param>
    /// <returns>Findings; those of <c>IsFatal</c> lose the dump.</returns>
    public IEnumerable<(bool IsFatal, Diagnostic Diagnostic)> Check(TimeSpan? timeout, Predicate<string> hasDriver)
    {
        foreach (MachineWatchdog watchdog in _watchdogs)
        {
            if (timeout is null)
            {
                if (watchdog.IsActive)
                {
                    yield return (true, Tell(watchdog, "The machine's watchdog runs, and the capture leaves it alone: it would reset the machine in the middle of the dump",
                        "watchdog off", "watchdog SECONDS", $"Leave out watchdog off. {Stop} otherwise"));
                }

                continue;
            }

            foreach (string module in ModulesOf(watchdog))
            {
                if (!hasDriver(module))
                {
                    yield return (watchdog.IsActive, Tell(
                        watchdog,
                        watchdog.IsActive ? "The machine's watchdog runs, and its driver is not in the ramdisk: it would reset the machine in the middle of the dump"
                            : "The driver of the machine's watchdog is not in the ramdisk: it could not end a capture that hangs",
                        NotThere, module, BuildAgain));
                }
            }

            if (watchdog is { IsActive: true, TimeoutSeconds: < SecondsUntilFirstSign })
            {
                yield return (false, Tell(watchdog, "The machine's watchdog waits for a short time only: it may reset the machine before the capture kernel is up",
                    $"{watchdog.TimeoutSeconds} s", $"{SecondsUntilFirstSign} s or more", "Raise its time (systemd: RuntimeWatchdogSec=)"));
            }
        }

        foreach (string module in timeout is null ? [] : _ipmi)
        {
            if (!hasDriver(module))
            {
                yield return (false, new Diagnostic(
                    CaptureDiagnostics.WatchdogRuns,
                    "A driver of the management controller's watchdog is not in the ramdisk: if the watchdog runs, it resets the machine in the middle of the dump")
                {
                    Where = Ipmi,
                    Found = NotThere,
                    Expected = module,
                    Remedy = BuildAgain,
                });
            }
        }
    }

    private static IReadOnlyList<string> IpmiModules(string systemFolder)
    {
        bool IsLoaded(string module) => Directory.Exists(Path.Combine(systemFolder, "module", module));
        return IsLoaded(Ipmi) ? [.. Array.FindAll(IpmiInterfaces, IsLoaded), Ipmi] : [];
    }

    private IReadOnlyList<string> ModulesOf(MachineWatchdog watchdog) => DeviceDrivers.Of($"class/watchdog/{watchdog.Device}", systemFolder);

    private static Diagnostic Tell(MachineWatchdog watchdog, string what, string found, string expected, string remedy) =>
        new(CaptureDiagnostics.WatchdogRuns, what)
        {
            Where = $"{watchdog.Device}: {watchdog}",
            Found = found,
            Expected = expected,
            Remedy = remedy,
        };
}
