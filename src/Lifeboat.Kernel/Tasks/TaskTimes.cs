using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Tasks;

/// <summary>When a task ran, and for how long; what the kernel does not keep, or cannot be read, is null.</summary>
/// <remarks>Each property reads memory anew.</remarks>
public sealed class TaskTimes
{
    private readonly CrashedKernel _kernel;
    private readonly KernelTask _task;

    internal TaskTimes(CrashedKernel kernel, KernelTask task) => (_kernel, _task) = (kernel, task);

    /// <summary>Its own time on a CPU in its program (<c>utime</c>).</summary>
    public TimeSpan? User => Of(_task.Object["utime"]);

    /// <summary>Its own time on a CPU in the kernel (<c>stime</c>).</summary>
    public TimeSpan? System => Of(_task.Object["stime"]);

    /// <summary>When a CPU last took it up, by that CPU's clock since boot; zero when none ever did.</summary>
    public TimeSpan? LastRan => _task.Object.TryGet("sched_info.last_arrival", out KernelObject? arrival)
        || _task.Object.TryGet("se.exec_start", out arrival) ? Of(arrival) : null;

    /// <summary>How long ago that was, by the clock of its CPU.</summary>
    public TimeSpan? SinceLastRan => Now - LastRan;

    /// <summary>How long ago it was started.</summary>
    public TimeSpan? Age => Now - _task.StartTime;

    private TimeSpan? Now => _task.Cpu is { } cpu ? _kernel.ClockOf(cpu) : null;

    /// <summary>A number of nanoseconds.</summary>
    internal static TimeSpan? Of(KernelObject nanoseconds) => nanoseconds.Unsigned is { } value and <= long.MaxValue
        ? TimeSpan.FromTicks((long)value / TimeSpan.NanosecondsPerTick) : null;
}
