using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Ipc;

/// <summary>What the objects of System V IPC have in common (<c>struct kern_ipc_perm</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public abstract class IpcObject
{
    private protected IpcObject(KernelObject whole, KernelObject permissions) => (Object, Permissions) = (whole, permissions);

    /// <summary>The whole object.</summary>
    public KernelObject Object { get; }

    /// <summary>What it is found by: the key that programs agreed on; zero for none.</summary>
    public ulong? Key => Permissions.Number("key");

    /// <summary>The number that its calls take.</summary>
    public long? Id => Permissions.SignedNumber("id");

    /// <summary>The user that owns it.</summary>
    public ulong? Owner => Permissions.Number("uid.val");

    /// <summary>Who may read and change it, in the nine bits of a file's.</summary>
    public ulong? Mode => Permissions.Number("mode") & 0x1ff;

    private KernelObject Permissions { get; }
}
