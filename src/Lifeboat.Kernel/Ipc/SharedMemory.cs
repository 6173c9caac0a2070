using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Ipc;

/// <summary>Memory that processes share (<c>struct shmid_kernel</c>).</summary>
public sealed class SharedMemory : IpcObject
{
    internal SharedMemory(KernelObject whole, KernelObject permissions)
        : base(whole, permissions)
    {
    }

    /// <summary>Its size.</summary>
    public ByteCount? Size => Object.Number("shm_segsz") is { } size ? new ByteCount(size) : null;

    /// <summary>How many processes have it.</summary>
    public ulong? Attached => Object.Number("shm_nattch");
}
