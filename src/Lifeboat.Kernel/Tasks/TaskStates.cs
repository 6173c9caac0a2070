using System.Numerics;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Tasks;

/// <summary>Reads what a task does, by the rules of the kernel's own /proc (fs/proc/array.c).</summary>
public static class TaskStates
{
    private const string Letters = "RSDTtXZPI";
    private const ulong Reported = 0x7f; // TASK_REPORT: TASK_INTERRUPTIBLE to TASK_PARKED
    private const ulong Idle = 0x402; // TASK_IDLE: TASK_UNINTERRUPTIBLE | TASK_NOLOAD
    private const ulong LockWait = 0x1000; // TASK_RTLOCK_WAIT

    /// <summary>The letter of a state.</summary>
    public static char LetterOf(TaskState state) => Letters[(int)state];

    internal static TaskState? Read(KernelObject task)
    {
        KernelObject field = task.TryGet("__state", out KernelObject? renamed) ? renamed : task["state"];
        if (field.Unsigned is not { } state || task["exit_state"].Unsigned is not { } exit)
        {
            return null;
        }

        return (state & Idle) == Idle ? TaskState.Idle
            : (state & LockWait) != 0 ? TaskState.Uninterruptible
            : (TaskState)(64 - BitOperations.LeadingZeroCount((state | exit) & Reported));
    }
}
