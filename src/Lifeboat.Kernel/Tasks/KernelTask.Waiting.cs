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
    public TimeSpan? NotRunFor =>
        _kernel.SchedulerTime - Times.LastRan is { } past ? past > TimeSpan.Zero ? past : TimeSpan.Zero : null;
}
