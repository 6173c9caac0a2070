using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Net;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Files;

/// <summary>An open file (<c>struct file</c>): what one call of open gave.</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class KernelFile
{
    private readonly CrashedKernel _kernel;

    internal KernelFile(CrashedKernel kernel, KernelObject file) => (_kernel, Object) = (kernel, file);

    /// <summary>The <c>struct file</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>
    /// Its path from the root of all mounts, as the links in /proc/PID/fd tell it: <c>/etc/passwd</c>, <c>pipe:[1234]</c>,
    /// <c>/tmp/x (deleted)</c>. What of it cannot be read is <c>&lt;excluded&gt;</c>.
    /// </summary>
    public string? Path => FilePaths.Of(_kernel, Object["f_path"]);

    /// <summary>The file.</summary>
    public KernelInode? Inode => Object.Follow("f_inode") is { } inode ? new KernelInode(inode) : null;

    /// <summary>Its name in its folder (<c>struct dentry</c>).</summary>
    public VirtualAddress? Dentry => Object.AddressIn("f_path.dentry");

    /// <summary>Where the next read or write begins.</summary>
    public long? Position => Object.SignedNumber("f_pos");

    /// <summary>How it was opened (O_RDONLY, O_APPEND …), in the bits of open(2).</summary>
    public ulong? Flags => Object.Number("f_flags");

    /// <summary>The socket that it is; null when it is none.</summary>
    public KernelSocket? Socket => Inode?.Kind == FileKind.Socket && Object.TryGet("private_data", out KernelObject? data)
        && _kernel.FollowAs(data, "struct socket") is { } socket ? new KernelSocket(_kernel, socket) : null;
}
