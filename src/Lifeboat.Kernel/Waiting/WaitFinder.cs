using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Waiting;

/// <summary>
/// Finds what a task waits for: the calls on its stack say of which kind it is, and the entry by which it hangs in a queue
/// lies on the stack too, with the task's address in it.
/// </summary>
internal sealed class WaitFinder(CrashedKernel kernel)
{
    private const int MaxStack = 64 << 10;

    // Functions that only give up the CPU, or take a lock, stand together: what waits is what called them.
    private static readonly string[] Sections = ["__sched_text", "__lock_text"];

    internal TaskWait Find(KernelTask task)
    {
        WaitKind kind = WaitKind.Other;
        string? function = null;
        foreach (NamedFrame frame in task.Stack?.Frames ?? [])
        {
            if (frame.Frame.IsGuess || frame.Name.Symbol is not { } symbol)
            {
                continue;
            }

            kind = kind == WaitKind.Other ? KindOf(symbol.Name) : kind;
            function ??= IsScheduling(symbol.Address) ? null : symbol.Name;
        }

        VirtualAddress? place = kind switch
        {
            WaitKind.Mutex => task.Object.AddressIn("blocked_on") is { Value: not 0 } known ? known
                : HeadOf(task, "struct mutex_waiter", "task", "list", "struct mutex", "wait_list"),
            WaitKind.ReadWriteSemaphore =>
                HeadOf(task, "struct rwsem_waiter", "task", "list", "struct rw_semaphore", "wait_list"),
            WaitKind.Semaphore => HeadOf(task, "struct semaphore_waiter", "task", "list", "struct semaphore", "wait_list"),
            WaitKind.Completion => HeadOf(task, "struct swait_queue", "task", "task_list", "struct completion", "wait.task_list"),
            _ => HeadOf(task, "struct wait_queue_entry", "private", "entry", "struct wait_queue_head", "head"),
        };
        KernelTask? holder = place is not { } address ? null : kind switch
        {
            WaitKind.Mutex => kernel.MutexAt(address)?.Owner,

            // A reader sets the low bit, and need not be the only one.
            WaitKind.ReadWriteSemaphore => kernel.At("struct rw_semaphore", address)?.AddressIn("owner.counter") is { } owner
                && (owner.Value & 1) == 0 ? kernel.TaskAddresses.Find(new VirtualAddress(owner.Value & ~7UL)) : null,
            _ => null,
        };
        return new TaskWait(kind == WaitKind.Other && place is not null ? WaitKind.WaitQueue : kind, place, function, holder);
    }

    private bool IsScheduling(VirtualAddress function)
    {
        foreach (string section in Sections)
        {
            if (kernel.Symbols.TryFindAddress($"{section}_start", out VirtualAddress start)
                && kernel.Symbols.TryFindAddress($"{section}_end", out VirtualAddress end)
                && function.Value >= start.Value && function.Value < end.Value)
            {
                return true;
            }
        }

        return false;
    }

    private static WaitKind KindOf(string name) => BaseOf(name) switch
    {
        "__mutex_lock" or "__mutex_lock_slowpath" or "mutex_lock" or "__mutex_lock_killable_slowpath"
            or "__mutex_lock_interruptible_slowpath" or "__ww_mutex_lock" => WaitKind.Mutex,
        "rwsem_down_read_slowpath" or "rwsem_down_write_slowpath" or "down_read" or "down_write" => WaitKind.ReadWriteSemaphore,
        "__down" or "__down_common" or "___down_common" or "__down_interruptible" or "__down_killable" or "__down_timeout" or "down" =>
            WaitKind.Semaphore,
        var other when other.StartsWith("wait_for_completion", StringComparison.Ordinal)
            || other.StartsWith("__wait_for_common", StringComparison.Ordinal) => WaitKind.Completion,
        _ => WaitKind.Other,
    };

    /// <summary>A name without what the compiler added for a part or a copy of the function.</summary>
    private static string BaseOf(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name;

    /// <summary>What the task's entry hangs in: the one link of its ring that is no entry, or what knows the first entry.</summary>
    private VirtualAddress? HeadOf(KernelTask task, string entry, string owner, string link, string head, string list)
    {
        if (!kernel.Types.TryFind(entry, out KernelType? type) || !type.TryFindMember(owner, out KernelMember? taskAt)
            || !type.TryFindMember(link, out KernelMember? linkAt) || !kernel.Types.TryFind(head, out KernelType? headType)
            || task.StackPointer is not { } from || task.StackBase is not { } low || from.Value < low.Value)
        {
            return null;
        }

        ulong size = kernel.Machine.StackSize?.Value ?? MaxStack;
        if (from.Value - low.Value >= Math.Min(size, MaxStack))
        {
            return null;
        }

        byte[] stack = new byte[(int)(Math.Min(size, MaxStack) - (from.Value - low.Value))];
        int read = kernel.Space.Read(from, stack, out _);
        for (int i = 0; i + 8 <= read; i += 8)
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(stack.AsSpan(i)) != task.Address.Value)
            {
                continue;
            }

            // Old entries lie about: a true one is linked both ways.
            KernelObject waiter = kernel.Object(type, from + new ByteCount((ulong)i) - taskAt.Offset);
            KernelObject own = waiter.Member(linkAt);
            if (own.Follow("next")?.AddressIn("prev") == own.Address && own.Follow("prev")?.AddressIn("next") == own.Address
                && HeadOf(own, type, taskAt, link, headType, list, stack.AsSpan(0, read)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private VirtualAddress? HeadOf(
        KernelObject own, KernelType entry, KernelMember taskAt, string link, KernelType head, string list, ReadOnlySpan<byte> stack)
    {
        var ring = new HashSet<ulong> { own.Address.Value };
        foreach (KernelObject other in LinkedLists.Ring(own, kernel.MaxLinked))
        {
            ring.Add(other.Address.Value);
            if (head.TryFindMember(list, out _)
                && kernel.TaskAddresses.Find(other.ContainerOf(entry, link).Member(taskAt).Pointer) is null && !HasFunction(other.ContainerOf(entry, link)))
            {
                return other.ContainerOf(head, list).Address;
            }
        }

        // Since 7.1 locks are in no ring; their address lies on the stack of who waits.
        for (int i = 0; head.TryFindMember("first_waiter", out _) && i + 8 <= stack.Length; i += 8)
        {
            KernelObject place = kernel.Object(head, new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(stack[i..])));
            if (place.Follow("first_waiter") is { } first && first.TryGet(link, out KernelObject? node) && ring.Contains(node.Address.Value))
            {
                return place.Address;
            }
        }

        return null;
    }

    /// <summary>Whether it is an entry that calls a function: one of poll, say.</summary>
    private bool HasFunction(KernelObject waiter) => waiter.AddressIn("func") is { } function
        && kernel.Names.TryFind(function, out SymbolPlace? place) && place.Offset == ByteCount.Zero;
}
