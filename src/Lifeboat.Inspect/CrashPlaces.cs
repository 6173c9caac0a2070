using Lifeboat.Kernel;

namespace Lifeboat.Inspect;

/// <summary>Knows the kernel's functions that report a crash, and what each tells of its kind.</summary>
internal static class CrashPlaces
{
    // On the way from the fault to the second kernel, in every crash.
    private static readonly HashSet<string> Reporters = new(StringComparer.Ordinal)
    {
        "__crash_kexec", "crash_kexec", "machine_kexec", "crash_setup_regs", "panic", "vpanic", "nmi_panic", "__panic",
        "oops_end", "oops_exit", "oops_enter", "die", "die_addr", "__die", "__die_body", "page_fault_oops", "no_context",
        "kernelmode_fixup_or_oops", "__bad_area_nosemaphore", "bad_area_nosemaphore", "__bad_area", "bad_area",
        "do_user_addr_fault", "do_kern_addr_fault", "exc_page_fault", "asm_exc_page_fault", "do_page_fault", "page_fault",
        "exc_general_protection", "asm_exc_general_protection", "do_trap", "do_error_trap", "exc_invalid_op",
        "asm_exc_invalid_op", "handle_bug", "report_bug", "make_task_dead", "do_exit", "exc_nmi", "asm_exc_nmi", "end_repeat_nmi",
        "default_do_nmi", "nmi_handle", "unknown_nmi_error", "do_nmi",
    };

    internal static bool IsReporter(string function) => Reporters.Contains(function);

    internal static bool IsScheduler(string function) =>
        function.StartsWith("schedule", StringComparison.Ordinal)
        || function is "__schedule" or "io_schedule" or "io_schedule_timeout" or "preempt_schedule" or "preempt_schedule_common";

    /// <summary>What the stack alone tells of the kind, by the innermost function that tells one; null when none does.</summary>
    internal static PanicKind? KindOf(IReadOnlyList<string> frames)
    {
        foreach (string frame in frames)
        {
            if (KindOf(CrashSignature.FunctionOf(frame)) is { } kind)
            {
                return kind;
            }
        }

        return null;
    }

    private static PanicKind? KindOf(string? function) => function switch
    {
        "sysrq_handle_crash" => PanicKind.Sysrq,
        "watchdog_timer_fn" => PanicKind.SoftLockup,
        "watchdog_overflow_callback" or "watchdog_hardlockup_check" => PanicKind.HardLockup,
        "check_hung_task" or "check_hung_uninterruptible_tasks" => PanicKind.HungTask,
        "out_of_memory" => PanicKind.OutOfMemory,
        "unknown_nmi_error" or "pci_serr_error" or "io_check_error" => PanicKind.Nmi,
        "mce_panic" or "do_machine_check" => PanicKind.MachineCheck,
        "exc_invalid_op" => PanicKind.Bug,
        "exc_general_protection" or "page_fault_oops" or "oops_end" => PanicKind.Oops,
        _ => null,
    };

    /// <summary>Whether the place of such a crash is where the code was interrupted, and not where the kernel noticed it.</summary>
    internal static bool IsInterruption(PanicKind kind) => kind is PanicKind.NullDereference or PanicKind.Oops or PanicKind.Bug
        or PanicKind.SoftLockup or PanicKind.HardLockup or PanicKind.RcuStall or PanicKind.Nmi or PanicKind.MachineCheck;
}
