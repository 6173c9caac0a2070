using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Waiting;

/// <summary>A lock that one task has and others sleep for (<c>struct mutex</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class KernelMutex
{
    private const ulong FlagBits = 7; // MUTEX_FLAGS

    private readonly CrashedKernel _kernel;

    internal KernelMutex(CrashedKernel kernel, KernelObject mutex) => (_kernel, Object) = (kernel, mutex);

    /// <summary>The <c>struct mutex</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Whether a task has it.</summary>
    public bool? IsLocked => OwnerAddress is { } owner ? owner != VirtualAddress.Null : null;

    /// <summary>The task that has it; null when none has, or none that the kernel knows.</summary>
    public KernelTask? Owner => _kernel.TaskAddresses.Find(OwnerAddress);

    /// <summary>The tasks that wait for it, the first first.</summary>
    public KernelWalk<Waiter> Waiters => new(_kernel.MaxLinked, Read);

    private VirtualAddress? OwnerAddress =>
        Object.Number("owner.counter") is { } owner ? new VirtualAddress(owner & ~FlagBits) : null;

    private IEnumerable<Waiter> Read(KernelWalk<Waiter> walk)
    {
        if (!_kernel.Types.TryFind("struct mutex_waiter", out _))
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        TaskAddresses known = _kernel.TaskAddresses;

        // A ring with a head, and since 7.1 without: the lock knows the first.
        if (Object.TryGet("wait_list", out KernelObject? head))
        {
            KernelWalk<KernelObject> waiters = _kernel.ListOf(head, "struct mutex_waiter", "list");
            foreach (KernelObject waiter in waiters)
            {
                yield return new Waiter(waiter, known.Find(waiter.AddressIn("task")), null);
            }

            walk.Stop(waiters.End, waiters.Fault);
        }
        else if (Object.Follow("first_waiter") is { } first)
        {
            yield return new Waiter(first, known.Find(first.AddressIn("task")), null);
            KernelWalk<KernelObject> others = _kernel.ListOf(first["list"], "struct mutex_waiter", "list");
            foreach (KernelObject waiter in others)
            {
                yield return new Waiter(waiter, known.Find(waiter.AddressIn("task")), null);
            }

            walk.Stop(others.End, others.Fault);
        }
    }
}
