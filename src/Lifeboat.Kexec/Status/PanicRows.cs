using System.Globalization;

namespace Lifeboat.Kexec.Status;

/// <summary>Makes the rows of a <see cref="PanicRoad"/>, one method for each kind of trouble.</summary>
/// <remarks>
/// Where a row is more than its sysctl says, the kernel's source is why: kernel/panic.c, kernel/watchdog.c,
/// kernel/hung_task.c, arch/x86/kernel/{nmi,dumpstack}.c, mm/oom_kill.c.
/// </remarks>
internal sealed class PanicRows
{
    /// <summary>Sysrq's bit for "debugging dumps of processes etc.", which sysrq-c counts among.</summary>
    private const long SysrqDumps = 8;

    private readonly PanicSettings _settings;
    private readonly PanicOutcome _panic;
    private readonly string _panicReason;
    private readonly bool? _armed;

    private PanicRows(PanicSettings settings, bool? armed)
    {
        _settings = settings;
        _armed = armed;
        (_panic, _panicReason) = (armed, settings.Panic) switch
        {
            (true, _) => (PanicOutcome.Captured, "a capture kernel is loaded"),
            (null, _) => (PanicOutcome.Unknown, "the kernel does not say whether a capture kernel is loaded"),
            (_, null) => (PanicOutcome.Unknown, "no capture kernel, and kernel.panic cannot be read"),
            (_, 0) => (PanicOutcome.Hangs, "no capture kernel, kernel.panic = 0"),
            (_, < 0) => (PanicOutcome.RestartsWithoutDump, $"no capture kernel, kernel.panic = {settings.Panic}"),
            _ => (PanicOutcome.RestartsWithoutDump, $"no capture kernel, kernel.panic = {settings.Panic} seconds"),
        };
    }

    internal static IReadOnlyList<PanicRoadRow> Of(PanicSettings settings, bool? armed)
    {
        var rows = new PanicRows(settings, armed);
        return
        [
            rows.Panic(), rows.Oops(), rows.SoftLockup(), rows.HardLockup(), rows.HungTask(), rows.RcuStall(),
            rows.UnknownNmi(), rows.Nmi("memory-nmi", "NMI: memory or PCI error", "panic_on_unrecovered_nmi", settings.PanicOnUnrecoveredNmi),
            rows.Nmi("io-nmi", "NMI: I/O check", "panic_on_io_nmi", settings.PanicOnIoNmi),
            rows.MachineCheck(), rows.OutOfMemory(), rows.Warning(), rows.Sysrq(),
        ];
    }

    private PanicRoadRow Panic() => Row("panic", "panic", true, "", null);

    private PanicRoadRow Oops()
    {
        if (_settings.PanicOnOops is not (null or 0))
        {
            return Row("oops", "oops", true, $"kernel.panic_on_oops = {_settings.PanicOnOops}", null);
        }

        if (_settings.OopsLimit == 1)
        {
            return Row("oops", "oops", true, "kernel.oops_limit = 1", null);
        }

        // In an interrupt, in an idle task and in init an oops is fatal whatever is set.
        string limit = _settings.OopsLimit is > 1 ? $", oops_limit = {_settings.OopsLimit}" : "";
        return Row("oops", "oops in a task", Answer(_settings.PanicOnOops), Named("panic_on_oops", _settings.PanicOnOops) + limit,
            "kernel.panic_on_oops=1");
    }

    private PanicRoadRow SoftLockup()
    {
        const string Name = "soft-lockup";
        if (Watch("soft lockup", Name, "soft_watchdog", _settings.SoftWatchdog) is { } row)
        {
            return row;
        }

        // Twice the threshold; a value above 1 makes it so many times that (7.0).
        long times = _settings.SoftLockupPanic is > 1 and < 1000 ? _settings.SoftLockupPanic.Value : 1;
        return Row(Name, $"soft lockup{Seconds(_settings.WatchdogThreshold, 2 * times)}", Answer(_settings.SoftLockupPanic),
            Named("softlockup_panic", _settings.SoftLockupPanic), "kernel.softlockup_panic=1");
    }

    private PanicRoadRow HardLockup()
    {
        const string Name = "hard-lockup";
        if (Watch("hard lockup", Name, "nmi_watchdog", _settings.NmiWatchdog) is { } row)
        {
            return row;
        }

        return Row(Name, $"hard lockup{Seconds(_settings.WatchdogThreshold, 1)}", Answer(_settings.HardLockupPanic),
            Named("hardlockup_panic", _settings.HardLockupPanic), "kernel.hardlockup_panic=1");
    }

    /// <summary>A watchdog that does not run; null when it does.</summary>
    private PanicRoadRow? Watch(string trouble, string name, string knob, long? value)
    {
        string panic = knob == "soft_watchdog" ? "kernel.softlockup_panic=1" : "kernel.hardlockup_panic=1";
        return (value, _settings.WatchdogThreshold) switch
        {
            _ when IsBlind => Blind(name, trouble),
            (0, _) => Unnoticed(name, trouble, $"kernel.{knob} = 0", $"kernel.{knob}=1 {panic}"),
            (not null, 0) => Unnoticed(name, trouble, "kernel.watchdog_thresh = 0", $"kernel.watchdog_thresh=10 {panic}"),
            (null, _) => Unnoticed(name, trouble, $"the kernel has no {knob}", null),
            _ => null,
        };
    }

    private PanicRoadRow HungTask()
    {
        const string Name = "hung-task";
        if (_settings.HungTaskTimeout is null)
        {
            return IsBlind ? Blind(Name, "hung task") : Unnoticed(Name, "hung task", "the kernel does not look for them", null);
        }

        if (_settings.HungTaskTimeout == 0)
        {
            return Unnoticed(Name, "hung task", "kernel.hung_task_timeout_secs = 0",
                "kernel.hung_task_timeout_secs=120 kernel.hung_task_panic=1");
        }

        string trouble = _settings.HungTaskPanic is > 1 ? $"{_settings.HungTaskPanic} hung tasks" : "hung task";
        return Row(Name, $"{trouble}{Seconds(_settings.HungTaskTimeout, 1)}", Answer(_settings.HungTaskPanic),
            Named("hung_task_panic", _settings.HungTaskPanic), "kernel.hung_task_panic=1");
    }

    private PanicRoadRow RcuStall()
    {
        const string Name = "rcu-stall";
        if (_settings.RcuStallSuppress is not (null or 0))
        {
            return Unnoticed(Name, "RCU stall", $"rcupdate.rcu_cpu_stall_suppress = {_settings.RcuStallSuppress}", null);
        }

        string trouble = _settings is { RcuStallsToPanic: > 1, PanicOnRcuStall: not (null or 0) }
            ? $"{_settings.RcuStallsToPanic} RCU stalls" : "RCU stall";
        return Row(Name, $"{trouble}{Seconds(_settings.RcuStallTimeout, 1)}", Answer(_settings.PanicOnRcuStall),
            Named("panic_on_rcu_stall", _settings.PanicOnRcuStall), "kernel.panic_on_rcu_stall=1");
    }

    private PanicRoadRow UnknownNmi()
    {
        // Either of two settings does.
        const string Trouble = "NMI: crash button, unknown";
        return _settings.PanicOnUnrecoveredNmi is not (null or 0) && _settings.UnknownNmiPanic is null or 0
            ? Row("unknown-nmi", Trouble, true, Named("panic_on_unrecovered_nmi", _settings.PanicOnUnrecoveredNmi), null)
            : Row("unknown-nmi", Trouble, Answer(_settings.UnknownNmiPanic), Named("unknown_nmi_panic", _settings.UnknownNmiPanic),
                "kernel.unknown_nmi_panic=1");
    }

    private PanicRoadRow Nmi(string name, string trouble, string knob, long? value) =>
        Row(name, trouble, Answer(value), Named(knob, value), $"kernel.{knob}=1");

    private PanicRoadRow MachineCheck() => _settings.MachineCheckTolerance >= 3
        ? Row("machine-check", "machine check, fatal", false, $"machinecheck tolerant = {_settings.MachineCheckTolerance}", null) with
        {
            Change = "write 1 to /sys/devices/system/machinecheck/machinecheck0/tolerant",
        }
        : Row("machine-check", "machine check, fatal", true, "always a panic", null);

    private PanicRoadRow OutOfMemory() =>
        Row("out-of-memory", _settings.PanicOnOom == 2 ? "out of memory, also in a cgroup" : "out of memory", Answer(_settings.PanicOnOom),
            _settings.PanicOnOom is 0 ? "vm.panic_on_oom = 0: a process is killed" : Named("panic_on_oom", _settings.PanicOnOom, "vm"),
            "vm.panic_on_oom=1") with
        { IsGrave = false };

    private PanicRoadRow Warning()
    {
        bool first = _settings.PanicOnWarn is null or 0 && _settings.WarnLimit == 1;
        string limit = _settings.WarnLimit is > 1 ? $", warn_limit = {_settings.WarnLimit}" : "";
        return Row("warning", "warning (WARN)", first ? true : Answer(_settings.PanicOnWarn),
            first ? "kernel.warn_limit = 1" : Named("panic_on_warn", _settings.PanicOnWarn) + limit,
            "kernel.panic_on_warn=1") with
        { IsGrave = false };
    }

    private PanicRoadRow Sysrq()
    {
        bool? allowed = _settings.Sysrq is { } mask ? mask == 1 || (mask & SysrqDumps) != 0 : null;
        return Row("sysrq", "sysrq-c on a keyboard", allowed, Named("sysrq", _settings.Sysrq),
            string.Create(CultureInfo.InvariantCulture, $"kernel.sysrq={(_settings.Sysrq ?? 0) | SysrqDumps}")) with
        { IsGrave = false };
    }

    /// <summary>A row whose trouble becomes a panic, does not, or nobody can tell.</summary>
    private PanicRoadRow Row(string name, string trouble, bool? panics, string reason, string? change)
    {
        PanicOutcome outcome = panics switch { true => _panic, false => PanicOutcome.GoesOn, null => PanicOutcome.Unknown };
        string why = panics != true || _armed == true && reason.Length > 0 ? reason
            : reason.Length > 0 ? $"{reason}; {_panicReason}" : _panicReason;
        return new PanicRoadRow(name, trouble, outcome, why,
            panics == false ? change : outcome is PanicOutcome.Captured or PanicOutcome.Unknown ? null : "lifeboat arm");
    }

    /// <summary>kernel.panic is in every kernel: without it, that another is missing says nothing.</summary>
    private bool IsBlind => _settings.Panic is null;

    private static PanicRoadRow Blind(string name, string trouble) =>
        new(name, trouble, PanicOutcome.Unknown, "/proc/sys cannot be read", null);

    private static PanicRoadRow Unnoticed(string name, string trouble, string reason, string? change) =>
        new(name, trouble, PanicOutcome.Unnoticed, reason, change);

    private static bool? Answer(long? value) => value is null ? null : value != 0;

    private static string Named(string knob, long? value, string folder = "kernel") =>
        value is null ? $"{folder}.{knob} cannot be read" : $"{folder}.{knob} = {value}";

    private static string Seconds(long? seconds, long times) =>
        seconds is > 0 and < int.MaxValue ? $", {seconds * times} s" : "";
}
