using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Tasks;

/// <summary>The tasks that belong to a task: its parent, its children, the threads of its process.</summary>
public sealed class TaskFamily
{
    private readonly CrashedKernel _kernel;
    private readonly KernelTask _task;

    internal TaskFamily(CrashedKernel kernel, KernelTask task) => (_kernel, _task) = (kernel, task);

    /// <summary>Whether it is the first thread of its process; null when that cannot be read.</summary>
    public bool? IsLeader => _task.Pid is { } pid && _task.ProcessId is { } process ? pid == process : null;

    /// <summary>The process that started it, its first thread; null for one without, and when it cannot be read.</summary>
    public KernelTask? Parent => _task.Object["real_parent"] is { Pointer: { Value: not 0 } address } parent && address != _task.Address
        ? new KernelTask(_kernel, parent.Target) : null;

    /// <summary>The processes that it started, their first threads.</summary>
    public KernelWalk<KernelTask> Children =>
        _kernel.List(_task.Object["children"], "struct task_struct", "sibling").Select(child => new KernelTask(_kernel, child));

    /// <summary>All threads of its process, itself among them.</summary>
    public KernelWalk<KernelTask> Threads =>
        _kernel.List(_task.Object["signal.thread_head"], "struct task_struct", "thread_node").Select(thread => new KernelTask(_kernel, thread));
}
