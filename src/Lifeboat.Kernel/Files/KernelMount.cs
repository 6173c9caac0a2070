using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Files;

/// <summary>A mounted file system (<c>struct mount</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class KernelMount
{
    private const ulong ReadOnly = 0x40; // MNT_READONLY
    private const ulong ReadOnlyFileSystem = 1; // SB_RDONLY
    private const ulong DirtyBits = 7; // I_DIRTY_SYNC | I_DIRTY_DATASYNC | I_DIRTY_PAGES

    private readonly CrashedKernel _kernel;

    internal KernelMount(CrashedKernel kernel, KernelObject mount) => (_kernel, Object) = (kernel, mount);

    /// <summary>The <c>struct mount</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its number, as in /proc/PID/mountinfo.</summary>
    public long? Id => Object.SignedNumber("mnt_id");

    /// <summary>What is mounted: a device's path, or what was given instead of one (<c>proc</c>).</summary>
    public string? Device => Object.TextOf("mnt_devname", 4096);

    /// <summary>Where it is mounted.</summary>
    public string? Folder => Object.Follow("mnt.mnt_root") is { } root ? FilePaths.Of(_kernel, Object["mnt"], root) : null;

    /// <summary>The kind of file system, with what it is made of behind a dot (<c>fuse.sshfs</c>).</summary>
    public string? FileSystem => Object.TextOf("mnt.mnt_sb.s_type.name", 64) is not { } name ? null
        : Object.TextOf("mnt.mnt_sb.s_subtype", 64) is { Length: > 0 } kind ? $"{name}.{kind}" : name;

    /// <summary>The file system (<c>struct super_block</c>).</summary>
    public VirtualAddress? SuperBlock => Object.AddressIn("mnt.mnt_sb");

    /// <summary>Whether nothing can be written here, because of how it is mounted or of the file system itself.</summary>
    public bool? IsReadOnly => Object.Number("mnt.mnt_flags") is { } flags && Object.Number("mnt.mnt_sb.s_flags") is { } own
        ? (flags & ReadOnly) != 0 || (own & ReadOnlyFileSystem) != 0 : null;

    /// <summary>The files of it that the kernel has in memory.</summary>
    public KernelWalk<KernelInode> Inodes => _kernel.ListOf(
        Object.TryGet("mnt.mnt_sb.s_inodes", out KernelObject? head) ? head : null, "struct inode", "i_sb_list")
        .Select(inode => new KernelInode(inode));

    /// <summary>Whether a file has something that is not written yet.</summary>
    public static bool? IsDirty(KernelInode inode)
    {
        ArgumentNullException.ThrowIfNull(inode);

        // A word, and since 6.19 a structure around it.
        return (inode.Object.Number("i_state.__state") ?? inode.Object.Number("i_state")) is { } state
            ? (state & DirtyBits) != 0 : null;
    }
}
