using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Files;

/// <summary>What is mounted where, for the tasks of one namespace (<c>struct mnt_namespace</c>).</summary>
public sealed class MountNamespace
{
    private const ulong Cursor = 0x1000_0000; // MNT_CURSOR: where a reader of /proc/mounts is, 5.8 to 6.7

    private readonly CrashedKernel _kernel;

    internal MountNamespace(CrashedKernel kernel, KernelObject space) => (_kernel, Object) = (kernel, space);

    /// <summary>The <c>struct mnt_namespace</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its number, as in /proc/PID/ns/mnt.</summary>
    public ulong? Number => Object.Number("ns.inum");

    /// <summary>The mounted file systems, in the order in which they were mounted.</summary>
    public KernelWalk<KernelMount> Mounts => new(_kernel.MaxLinked, Read);

    private IEnumerable<KernelMount> Read(KernelWalk<KernelMount> walk)
    {
        // A list, and since 6.8 a tree.
        KernelWalk<KernelObject> mounts = Object.TryGet("mounts", out KernelObject? tree) && tree.Type.IsStructure
            ? _kernel.Tree(tree, "struct mount", "mnt_node")
            : _kernel.ListOf(Object.TryGet("list", out KernelObject? list) ? list : null, "struct mount", "mnt_list");
        foreach (KernelObject mount in mounts)
        {
            if (mount.Number("mnt.mnt_flags") is not { } flags || (flags & Cursor) == 0 || mount.Type.TryFindMember("mnt_node", out _))
            {
                yield return new KernelMount(_kernel, mount);
            }
        }

        walk.Stop(mounts.End, mounts.Fault);
    }
}
