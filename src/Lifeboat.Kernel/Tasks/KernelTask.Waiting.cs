using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Waiting;

namespace Lifeboat.Kernel.Tasks;

/// <content>What a task waits for, and since when.</content>
public sealed partial class KernelTask
{
    /// <summary>What it waits for, as its stack tells; null for a task that runs or could run.</summary>
    public TaskWait? Wait => State is TaskState.Running or null ? null : new WaitFinder(_kernel).Find(this);

    /// <summary>
    /// How long it has not had a CPU, up to the last time the scheduler looked at a clock: for one that waits, nearly as long
    /// as it waits. Null when that cannot be read.
    /// </summary>
    public TimeSpan? NotRunFor
    {
        get
        {
            // When it last got its CPU; a kernel without statistics notes when it was last charged for it.
            ulong? last = Object.Number("sched_info.last_arrival") ?? Object.Number("se.exec_start");
            return last is { } time and <= long.MaxValue && _kernel.SchedulerTime is { } now
                ? now - TimeSpan.FromTicks((long)time / TimeSpan.NanosecondsPerTick) is { Ticks: > 0 } past ? past : TimeSpan.Zero
                : null;
        }
    }
}
