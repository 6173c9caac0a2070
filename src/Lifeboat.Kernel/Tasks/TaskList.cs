using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Tasks;

/// <summary>Finds all tasks.</summary>
/// <remarks>
/// <code>
/// init_task -- tasks -- first threads of processes, in a ring
///                          signal -- thread_head -- thread_node of each thread, in a ring
/// runqueues of each CPU -- idle
/// </code>
/// </remarks>
internal static class TaskList
{
    internal static KernelWalk<KernelTask> All(CrashedKernel kernel) => new(kernel.MaxLinked, walk => Follow(kernel, walk));

    private static IEnumerable<KernelTask> Follow(CrashedKernel kernel, KernelWalk<KernelTask> walk)
    {
        KernelType type = kernel.Type("struct task_struct");
        foreach (KernelObject idle in IdleTasks(kernel))
        {
            yield return new KernelTask(kernel, idle);
        }

        if (!kernel.TryFindGlobal("init_task", out KernelObject? first))
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        (WalkEnd end, MemoryFault fault) = (WalkEnd.Complete, MemoryFault.None);
        KernelWalk<KernelObject> leaders = LinkedLists.Ring(first["tasks"], kernel.MaxLinked);
        foreach (KernelObject link in leaders)
        {
            KernelObject leader = link.ContainerOf(type, "tasks");
            yield return new KernelTask(kernel, leader);
            KernelWalk<KernelObject> threads = LinkedLists.Ring(leader["signal.thread_head"], kernel.MaxLinked);
            foreach (KernelObject thread in threads)
            {
                KernelObject task = thread.ContainerOf(type, "thread_node");
                if (task.Address != leader.Address)
                {
                    yield return new KernelTask(kernel, task);
                }
            }

            if (threads.End != WalkEnd.Complete)
            {
                (end, fault) = (threads.End, threads.Fault);
            }
        }

        if (leaders.End != WalkEnd.Complete)
        {
            (end, fault) = (leaders.End, leaders.Fault);
        }

        walk.Stop(end, fault);
    }

    private static IEnumerable<KernelObject> IdleTasks(CrashedKernel kernel)
    {
        foreach (int cpu in kernel.Cpus)
        {
            if (kernel.TryFindPerCpu("runqueues", cpu, out KernelObject? queue) && queue["idle"].Pointer is { Value: not 0 })
            {
                yield return queue["idle"].Target;
            }
        }
    }
}
