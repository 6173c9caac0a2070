namespace Lifeboat.Kexec.Status;

/// <summary>
/// The settings that decide whether trouble reaches the capture kernel: it is started by a panic, and by an oops that
/// becomes one.
/// </summary>
internal static class PanicKnobs
{
    internal static IReadOnlyList<PanicKnob> Of(PanicSettings settings)
    {
        var knobs = new List<PanicKnob>();
        Add("panic_on_oops", settings.PanicOnOops, "an oops kills its task and the machine goes on: no dump", "an oops starts");
        Add("softlockup_panic", settings.SoftLockupPanic, "a CPU stuck in the kernel is only logged", "a CPU stuck in the kernel starts");
        Add("hardlockup_panic", settings.HardLockupPanic, "a CPU stuck with interrupts off is only logged",
            "a CPU stuck with interrupts off starts");
        Add("hung_task_panic", settings.HungTaskPanic, "a task that hangs is only logged", "a task that hangs starts");
        Add("panic_on_rcu_stall", settings.PanicOnRcuStall, "an RCU stall is only logged", "an RCU stall starts");
        Add("unknown_nmi_panic", settings.UnknownNmiPanic,
            "an unknown NMI (a management controller's crash button) is only logged",
            "an unknown NMI (a management controller's crash button) starts");
        Add("panic_on_unrecovered_nmi", settings.PanicOnUnrecoveredNmi, "an NMI for a memory error is only logged",
            "an NMI for a memory error starts");
        Add("panic_on_warn", settings.PanicOnWarn, "a warning is only logged", "a warning starts");
        if (settings.Sysrq is { } sysrq)
        {
            // Bit 3 allows "debugging dumps of processes etc.", which sysrq-c counts among; 1 allows all.
            knobs.Add(new PanicKnob("kernel.sysrq", $"{sysrq}", sysrq == 1 || (sysrq & 8) != 0
                ? "sysrq-c on a keyboard crashes the machine"
                : "sysrq-c on a keyboard is ignored (/proc/sysrq-trigger works always)"));
        }

        if (settings.NotifiersFirst is { } notifiersFirst)
        {
            knobs.Add(new PanicKnob("crash_kexec_post_notifiers", notifiersFirst ? "Y" : "N", notifiersFirst
                ? "panic notifiers run first and may hang before the capture kernel is started"
                : "a panic starts the capture kernel at once"));
        }

        return knobs;

        void Add(string name, long? value, string off, string on)
        {
            if (value is { } number)
            {
                knobs.Add(new PanicKnob($"kernel.{name}", $"{number}", number == 0 ? off : $"{on} the capture kernel"));
            }
        }
    }
}
