using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Waiting;

/// <summary>What a task waits for, as its stack tells.</summary>
/// <param name="kind">What it is.</param>
/// <param name="address">Where it lies (<c>struct mutex</c>, <c>wait_queue_head_t</c> …); null when it was not found.</param>
/// <param name="function">The function that waits, as /proc/PID/wchan has it; null when the stack does not tell.</param>
/// <param name="holder">The task that has the lock; null when none has, or that is not known.</param>
public sealed class TaskWait(WaitKind kind, VirtualAddress? address, string? function, KernelTask? holder)
{
    /// <summary>What it is.</summary>
    public WaitKind Kind => kind;

    /// <summary>Where it lies; null when it was not found.</summary>
    public VirtualAddress? Address => address;

    /// <summary>The function that waits, as /proc/PID/wchan has it; null when the stack does not tell.</summary>
    public string? Function => function;

    /// <summary>The task that has the lock; null when none has, or that is not known.</summary>
    public KernelTask? Holder => holder;
}
