namespace Lifeboat.Kernel;

/// <summary>The lines with which the kernel begins to report that something is badly wrong.</summary>
internal static class PanicCauses
{
    private static readonly (string Start, PanicKind Kind)[] Causes =
    [
        ("BUG: kernel NULL pointer dereference", PanicKind.NullDereference),
        ("BUG: unable to handle", PanicKind.Oops),
        ("kernel BUG at ", PanicKind.Bug),
        ("general protection fault", PanicKind.Oops),
        ("Oops: ", PanicKind.Oops),
        ("divide error: ", PanicKind.Oops),
        ("invalid opcode: ", PanicKind.Oops),
        ("stack segment: ", PanicKind.Oops),
        ("double fault: ", PanicKind.Oops),
        ("traps: PANIC: double fault", PanicKind.Oops),
        ("watchdog: BUG: soft lockup", PanicKind.Lockup),
        ("BUG: workqueue lockup", PanicKind.Lockup),
        ("NMI watchdog: Watchdog detected hard LOCKUP", PanicKind.Lockup),
        ("watchdog: Watchdog detected hard LOCKUP", PanicKind.Lockup),
        ("rcu: INFO: rcu_", PanicKind.Lockup),
        ("INFO: task ", PanicKind.HungTask),
        ("Out of memory", PanicKind.OutOfMemory),
    ];

    private static readonly (string Part, PanicKind Kind)[] Panics =
    [
        ("hung_task", PanicKind.HungTask),
        ("softlockup", PanicKind.Lockup),
        ("Hard LOCKUP", PanicKind.Lockup),
        ("RCU Stall", PanicKind.Lockup),
        ("Out of memory", PanicKind.OutOfMemory),
        ("System is deadlocked on memory", PanicKind.OutOfMemory),
        ("sysrq triggered crash", PanicKind.Sysrq),
    ];

    internal static bool IsCause(string text) => FindCause(text) >= 0;

    /// <summary>Whether a line that could begin a report continues the one that an earlier line began.</summary>
    internal static bool IsSameReport(string earlier, string later) =>
        later.StartsWith("Oops: ", StringComparison.Ordinal)
        || later.StartsWith("invalid opcode: ", StringComparison.Ordinal)
        || (earlier.StartsWith("INFO: task ", StringComparison.Ordinal)
            && later.StartsWith("INFO: task ", StringComparison.Ordinal));

    internal static PanicKind KindOf(string cause)
    {
        int index = FindCause(cause);
        return index < 0 ? PanicKind.Other : Causes[index].Kind;
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
