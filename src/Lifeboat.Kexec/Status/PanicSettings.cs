using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Status;

/// <summary>
/// The settings between trouble and a panic, as the kernel documents them in Documentation/admin-guide/sysctl; each null
/// where its file is missing, as it is in a kernel that was built without what it sets.
/// </summary>
internal sealed record PanicSettings
{
    /// <summary>kernel.panic: seconds from a panic that nothing captures to a restart; 0 for never, negative for at once.</summary>
    internal long? Panic { get; init; }

    internal long? PanicOnOops { get; init; }

    /// <summary>kernel.oops_limit (6.2): an oops of this number panics in any case; 0 for none.</summary>
    internal long? OopsLimit { get; init; }

    internal long? PanicOnWarn { get; init; }

    /// <summary>kernel.warn_limit (6.2): the same for warnings.</summary>
    internal long? WarnLimit { get; init; }

    internal long? SoftWatchdog { get; init; }

    internal long? NmiWatchdog { get; init; }

    /// <summary>kernel.watchdog_thresh: seconds to a hard lockup, half of those to a soft one; 0 switches both off.</summary>
    internal long? WatchdogThreshold { get; init; }

    internal long? SoftLockupPanic { get; init; }

    internal long? HardLockupPanic { get; init; }

    /// <summary>kernel.hung_task_timeout_secs; 0 for never looking.</summary>
    internal long? HungTaskTimeout { get; init; }

    /// <summary>kernel.hung_task_panic; above 1, how many tasks must hang at once (6.19).</summary>
    internal long? HungTaskPanic { get; init; }

    internal long? PanicOnRcuStall { get; init; }

    /// <summary>kernel.max_rcu_stall_to_panic (5.11): the number of stalls it takes; 0 as 1.</summary>
    internal long? RcuStallsToPanic { get; init; }

    /// <summary>rcupdate.rcu_cpu_stall_suppress: 1 for not looking for stalls.</summary>
    internal long? RcuStallSuppress { get; init; }

    /// <summary>rcupdate.rcu_cpu_stall_timeout, seconds.</summary>
    internal long? RcuStallTimeout { get; init; }

    internal long? UnknownNmiPanic { get; init; }

    internal long? PanicOnUnrecoveredNmi { get; init; }

    internal long? PanicOnIoNmi { get; init; }

    /// <summary>vm.panic_on_oom: 1 when the whole machine is out of memory, 2 also when a cgroup or a cpuset is.</summary>
    internal long? PanicOnOom { get; init; }

    /// <summary>How much a machine check is put up with, 0 to 3; the file went with 5.19.</summary>
    internal long? MachineCheckTolerance { get; init; }

    internal long? Sysrq { get; init; }

    internal long? PanicPrint { get; init; }

    /// <summary>Whether a panic runs its notifiers before the capture kernel.</summary>
    internal bool? NotifiersFirst { get; init; }

    internal static PanicSettings Read(SystemTree tree)
    {
        long? Kernel(string name) => tree.TryReadNumber($"proc/sys/kernel/{name}");
        long? Rcu(string name) => tree.TryReadNumber($"sys/module/rcupdate/parameters/{name}");
        return new PanicSettings
        {
            Panic = Kernel("panic"),
            PanicOnOops = Kernel("panic_on_oops"),
            OopsLimit = Kernel("oops_limit"),
            PanicOnWarn = Kernel("panic_on_warn"),
            WarnLimit = Kernel("warn_limit"),
            SoftWatchdog = Kernel("soft_watchdog"),
            NmiWatchdog = Kernel("nmi_watchdog"),
            WatchdogThreshold = Kernel("watchdog_thresh"),
            SoftLockupPanic = Kernel("softlockup_panic"),
            HardLockupPanic = Kernel("hardlockup_panic"),
            HungTaskTimeout = Kernel("hung_task_timeout_secs"),
            HungTaskPanic = Kernel("hung_task_panic"),
            PanicOnRcuStall = Kernel("panic_on_rcu_stall"),
            RcuStallsToPanic = Kernel("max_rcu_stall_to_panic"),
            RcuStallSuppress = Rcu("rcu_cpu_stall_suppress"),
            RcuStallTimeout = Rcu("rcu_cpu_stall_timeout"),
            UnknownNmiPanic = Kernel("unknown_nmi_panic"),
            PanicOnUnrecoveredNmi = Kernel("panic_on_unrecovered_nmi"),
            PanicOnIoNmi = Kernel("panic_on_io_nmi"),
            PanicOnOom = tree.TryReadNumber("proc/sys/vm/panic_on_oom"),
            MachineCheckTolerance = tree.TryReadNumber("sys/devices/system/machinecheck/machinecheck0/tolerant"),
            Sysrq = Kernel("sysrq"),
            PanicPrint = Kernel("panic_print"),
            NotifiersFirst = tree.TryReadText("sys/module/kernel/parameters/crash_kexec_post_notifiers")?.Trim() switch
            {
                "Y" or "1" => true,
                "N" or "0" => false,
                _ => null,
            },
        };
    }
}
