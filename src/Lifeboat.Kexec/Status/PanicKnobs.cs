using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Status;

/// <summary>
/// The settings that decide whether trouble reaches the capture kernel: it is started by a panic, and by an oops that
/// becomes one.
/// </summary>
internal static class PanicKnobs
{
    private static readonly (string File, string Name, string Off, string On)[] Numbers =
    [
        ("panic_on_oops", "kernel.panic_on_oops",
            "an oops kills its task and the machine goes on: no dump", "an oops starts the capture kernel"),
        ("softlockup_panic", "kernel.softlockup_panic",
            "a CPU stuck in the kernel is only logged", "a CPU stuck in the kernel starts the capture kernel"),
        ("hardlockup_panic", "kernel.hardlockup_panic",
            "a CPU stuck with interrupts off is only logged",
            "a CPU stuck with interrupts off starts the capture kernel"),
        ("hung_task_panic", "kernel.hung_task_panic",
            "a task that hangs is only logged", "a task that hangs starts the capture kernel"),
        ("panic_on_rcu_stall", "kernel.panic_on_rcu_stall",
            "an RCU stall is only logged", "an RCU stall starts the capture kernel"),
        ("unknown_nmi_panic", "kernel.unknown_nmi_panic",
            "an unknown NMI (a management controller's crash button) is only logged",
            "an unknown NMI (a management controller's crash button) starts the capture kernel"),
        ("panic_on_unrecovered_nmi", "kernel.panic_on_unrecovered_nmi",
            "an NMI for a memory error is only logged", "an NMI for a memory error starts the capture kernel"),
        ("panic_on_warn", "kernel.panic_on_warn",
            "a warning is only logged", "a warning starts the capture kernel"),
    ];

    internal static IReadOnlyList<PanicKnob> Read(SystemTree tree)
    {
        var knobs = new List<PanicKnob>();
        foreach ((string file, string name, string off, string on) in Numbers)
        {
            if (tree.TryReadNumber($"proc/sys/kernel/{file}") is { } value)
            {
                knobs.Add(new PanicKnob(name, $"{value}", value == 0 ? off : on));
            }
        }

        if (tree.TryReadNumber("proc/sys/kernel/sysrq") is { } sysrq)
        {
            // Bit 3 allows "debugging dumps of processes etc.", which sysrq-c counts among; 1 allows all.
            knobs.Add(new PanicKnob("kernel.sysrq", $"{sysrq}", sysrq == 1 || (sysrq & 8) != 0
                ? "sysrq-c on a keyboard crashes the machine"
                : "sysrq-c on a keyboard is ignored (/proc/sysrq-trigger works always)"));
        }

        if (tree.TryReadText("sys/module/kernel/parameters/crash_kexec_post_notifiers")?.Trim() is { } notifiers)
        {
            knobs.Add(new PanicKnob("crash_kexec_post_notifiers", notifiers, notifiers == "Y"
                ? "panic notifiers run first and may hang before the capture kernel is started"
                : "a panic starts the capture kernel at once"));
        }

        return knobs;
    }
}
