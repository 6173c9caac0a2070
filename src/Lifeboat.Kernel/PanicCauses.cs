namespace Lifeboat.Kernel;

/// <summary>The lines with which the kernel begins to report that something is badly wrong.</summary>
internal static class PanicCauses
{
    private static readonly (string Start, PanicKind Kind)[] Causes =
    [
        ("BUG: kernel NULL pointer dereference", PanicKind.NullDereference),
        ("BUG: unable to handle", PanicKind.Oops),
        ("Unable to handle kernel NULL pointer dereference", PanicKind.NullDereference),
        ("Unable to handle kernel ", PanicKind.Oops),
        ("kernel BUG at ", PanicKind.Bug),
        ("general protection fault", PanicKind.Oops),
        ("Oops: ", PanicKind.Oops),
        ("divide error: ", PanicKind.Oops),
        ("invalid opcode: ", PanicKind.Oops),
        ("stack segment: ", PanicKind.Oops),
        ("double fault: ", PanicKind.Oops),
        ("traps: PANIC: double fault", PanicKind.Oops),
        ("watchdog: BUG: soft lockup", PanicKind.SoftLockup),
        ("NMI watchdog: Watchdog detected hard LOCKUP", PanicKind.HardLockup),
        ("watchdog: Watchdog detected hard LOCKUP", PanicKind.HardLockup),
        ("watchdog: CPU", PanicKind.HardLockup),
        ("rcu: INFO: rcu_", PanicKind.RcuStall),
        ("INFO: task ", PanicKind.HungTask),
        ("Out of memory", PanicKind.OutOfMemory),
        ("Uhhuh. NMI received", PanicKind.Nmi),
        ("NMI: PCI system error", PanicKind.Nmi),
        ("NMI: IOCK error", PanicKind.Nmi),
        ("mce: [Hardware Error]: ", PanicKind.MachineCheck),
    ];

    // Stands behind the name of a task.
    private const string OomKiller = " invoked oom-killer: ";

    private static readonly (string Part, PanicKind Kind)[] Panics =
    [
        ("hung_task", PanicKind.HungTask),
        ("softlockup", PanicKind.SoftLockup),
        ("Hard LOCKUP", PanicKind.HardLockup),
        ("RCU Stall", PanicKind.RcuStall),
        ("Out of memory", PanicKind.OutOfMemory),
        ("System is deadlocked on memory", PanicKind.OutOfMemory),
        ("sysrq triggered crash", PanicKind.Sysrq),
        ("NMI: Not continuing", PanicKind.Nmi),
        ("NMI IOCK error", PanicKind.Nmi),
        ("achine check", PanicKind.MachineCheck),
        ("panic_on_warn set", PanicKind.Warning),
        ("Attempted to kill init", PanicKind.InitEnded),
    ];

    internal static bool IsCause(string text) => KindOf(text) != PanicKind.Other;

    /// <summary>Whether a line that could begin a report continues the one that an earlier line began.</summary>
    internal static bool IsSameReport(string earlier, string later) =>
        later.StartsWith("Oops: ", StringComparison.Ordinal)
        || later.StartsWith("invalid opcode: ", StringComparison.Ordinal)
        || (KindOf(earlier) == KindOf(later)
            && KindOf(later) is PanicKind.HungTask or PanicKind.OutOfMemory or PanicKind.Nmi or PanicKind.MachineCheck);

    internal static PanicKind KindOf(string cause)
    {
        int index = FindCause(cause);
        return index >= 0 ? Causes[index].Kind
            : cause.Contains(OomKiller, StringComparison.Ordinal) ? PanicKind.OutOfMemory : PanicKind.Other;
    }

    internal static PanicKind KindOfPanic(string message)
    {
        foreach ((string part, PanicKind kind) in Panics)
        {
            if (message.Contains(part, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return PanicKind.Other;
    }

    private static int FindCause(string text) =>
        Array.FindIndex(Causes, cause => text.StartsWith(cause.Start, StringComparison.Ordinal));
}
