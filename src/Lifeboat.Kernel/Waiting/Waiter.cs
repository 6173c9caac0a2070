using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Waiting;

/// <summary>Who waits in a queue: a task, or a function that is called instead.</summary>
public sealed class Waiter
{
    internal Waiter(KernelObject entry, KernelTask? task, VirtualAddress? function) =>
        (Object, Task, Function) = (entry, task, function);

    /// <summary>The entry in the queue: <c>struct wait_queue_entry</c>, <c>struct mutex_waiter</c> …</summary>
    public KernelObject Object { get; }

    /// <summary>The task; null when it is none, or none that the kernel knows.</summary>
    public KernelTask? Task { get; }

    /// <summary>What is called to wake it; null for queues that only wake tasks.</summary>
    public VirtualAddress? Function { get; }
}
