using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Waiting;

/// <summary>A queue of what waits for something (<c>wait_queue_head_t</c>, <c>struct swait_queue_head</c>).</summary>
public sealed class WaitQueue
{
    private readonly CrashedKernel _kernel;

    internal WaitQueue(CrashedKernel kernel, KernelObject head) => (_kernel, Object) = (kernel, head);

    /// <summary>The head.</summary>
    public KernelObject Object { get; }

    /// <summary>Who waits, the next to be woken first.</summary>
    public KernelWalk<Waiter> Waiters => new(_kernel.MaxLinked, Read);

    /// <summary>Whether an object of this type is a queue.</summary>
    public static bool IsQueue(KernelType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.TryFindMember("head.next", out _) || type.TryFindMember("task_list.next", out _);
    }

    private IEnumerable<Waiter> Read(KernelWalk<Waiter> walk)
    {
        bool isSimple = Object.TryGet("task_list", out KernelObject? head);
        if (!isSimple && !Object.TryGet("head", out head))
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        TaskAddresses known = _kernel.TaskAddresses;
        KernelWalk<KernelObject> entries = isSimple
            ? _kernel.ListOf(head, "struct swait_queue", "task_list") : _kernel.ListOf(head, "struct wait_queue_entry", "entry");
        foreach (KernelObject entry in entries)
        {
            yield return isSimple ? new Waiter(entry, known.Find(entry.AddressIn("task")), null)
                : new Waiter(entry, TaskOf(entry, known), entry.AddressIn("func"));
        }

        walk.Stop(entries.End, entries.Fault);
    }

    /// <summary>Most entries have the task itself; those of poll and select have what they wait with.</summary>
    private KernelTask? TaskOf(KernelObject entry, TaskAddresses known)
    {
        if (known.Find(entry.AddressIn("private")) is { } task)
        {
            return task;
        }

        return entry.AddressIn("func") is { } function && _kernel.Names.TryFind(function, out SymbolPlace? place)
            && place.Symbol.Name == "pollwake" && entry.TryGet("private", out KernelObject? own)
            ? known.Find(_kernel.FollowAs(own, "struct poll_wqueues")?.AddressIn("polling_task")) : null;
    }
}
