using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Ipc;

/// <summary>Semaphores of processes (<c>struct sem_array</c>).</summary>
public sealed class SemaphoreSet : IpcObject
{
    internal SemaphoreSet(KernelObject whole, KernelObject permissions)
        : base(whole, permissions)
    {
    }

    /// <summary>How many there are.</summary>
    public long? Count => Object.SignedNumber("sem_nsems");

    /// <summary>The value of one; null when there is none of the number, too.</summary>
    public long? ValueOf(int number) => Object.TryGet("sems", out KernelObject? values) && number >= 0 && number < Count
        && values.Type.Target is { } semaphore
        ? values.At(semaphore, values.Address + new Core.Memory.ByteCount((ulong)number * semaphore.Size.Value)).SignedNumber("semval")
        : null;
}
