using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Ipc;

/// <summary>System V IPC for the tasks of one namespace (<c>struct ipc_namespace</c>).</summary>
public sealed class IpcNamespace
{
    // IPC_SEM_IDS, IPC_MSG_IDS, IPC_SHM_IDS
    private const int SemaphoreIds = 0;
    private const int MessageIds = 1;
    private const int MemoryIds = 2;

    private readonly CrashedKernel _kernel;

    internal IpcNamespace(CrashedKernel kernel, KernelObject space) => (_kernel, Object) = (kernel, space);

    /// <summary>The <c>struct ipc_namespace</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Shared memory.</summary>
    public KernelWalk<SharedMemory> SharedMemory =>
        All(MemoryIds, "struct shmid_kernel", "shm_perm", static (whole, own) => new SharedMemory(whole, own));

    /// <summary>Sets of semaphores.</summary>
    public KernelWalk<SemaphoreSet> Semaphores =>
        All(SemaphoreIds, "struct sem_array", "sem_perm", static (whole, own) => new SemaphoreSet(whole, own));

    /// <summary>Queues of messages.</summary>
    public KernelWalk<MessageQueue> Messages =>
        All(MessageIds, "struct msg_queue", "q_perm", static (whole, own) => new MessageQueue(whole, own));

    private KernelWalk<T> All<T>(int kind, string type, string permissions, Func<KernelObject, KernelObject, T> create) =>
        new(_kernel.MaxLinked, walk => Read(walk, kind, type, permissions, create));

    private IEnumerable<T> Read<T>(
        KernelWalk<T> walk, int kind, string type, string permissions, Func<KernelObject, KernelObject, T> create)
    {
        if (!Object.TryGet("ids", out KernelObject? ids) || !ids[kind].TryGet("ipcs_idr", out KernelObject? numbers)
            || !_kernel.Types.TryFind("struct xa_node", out _))
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        KernelWalk<IndexedEntry> entries = _kernel.XArray(numbers);
        foreach (IndexedEntry entry in entries)
        {
            KernelObject? own = _kernel.At("struct kern_ipc_perm", entry.Entry);
            if (own is not null && _kernel.Within(own, type, permissions) is { } whole)
            {
                yield return create(whole, own);
            }
        }

        walk.Stop(entries.End, entries.Fault);
    }
}
