using System.Globalization;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Files;

/// <summary>Paths of files as the kernel tells them (d_path in fs/d_path.c), from the root of all mounts.</summary>
/// <remarks>
/// <code>
/// vfsmount in mount -- mnt_parent, mnt_mountpoint --> where the file system is mounted; its own parent at the top
/// dentry            -- d_parent, d_name           --> up to mnt_root
/// </code>
/// </remarks>
internal static class FilePaths
{
    private const int MaxDepth = 2048; // PATH_MAX holds no more names
    private const int MaxName = 255; // NAME_MAX

    /// <summary>The path of a <c>struct path</c>; null when its start cannot be read.</summary>
    internal static string? Of(CrashedKernel kernel, KernelObject path) =>
        path.Follow("dentry") is { } dentry ? Of(kernel, path.Follow("mnt"), dentry) : null;

    /// <summary>The path of a dentry in a mounted file system.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="mounted">The <c>struct vfsmount</c>; null when it is not known: the path within the file system then.</param>
    /// <param name="dentry">The <c>struct dentry</c>.</param>
    internal static string? Of(CrashedKernel kernel, KernelObject? mounted, KernelObject dentry)
    {
        if (OwnName(kernel, mounted, dentry) is { } own)
        {
            return own;
        }

        var names = new List<string>();
        var loop = new LoopCheck();
        bool isDeleted = IsDeleted(dentry);
        KernelObject? mount = kernel.Within(mounted, "struct mount", "mnt");
        KernelObject? root = mounted?.Follow("mnt_root");
        KernelObject place = dentry;
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            if (place.AddressIn("d_parent") is not { } parent)
            {
                return names.Count == 0 ? null : Join(names, "<excluded>", isDeleted);
            }

            bool isRoot = parent == place.Address || place.Address == root?.Address;
            if (isRoot)
            {
                KernelObject? above = mount?.Follow("mnt_parent");
                if (mount is null || above is null || above.Address == mount.Address)
                {
                    return Join(names, "", isDeleted);
                }

                if (mount.Follow("mnt_mountpoint") is not { } point)
                {
                    return Join(names, "<excluded>", isDeleted);
                }

                (place, mount, root) = (point, above, above.Follow("mnt.mnt_root"));
                continue;
            }

            if (loop.IsLoop(place.Address))
            {
                break;
            }

            names.Add(NameOf(place) ?? "<excluded>");
            place = place["d_parent"].Target;
        }

        return Join(names, "...", isDeleted);
    }

    /// <summary>The last part of a path; null when it cannot be read.</summary>
    internal static string? NameOf(KernelObject dentry) =>
        dentry.Number("d_name.len") is { } length && dentry.TryGet("d_name.name", out KernelObject? name)
            ? name.Text((int)Math.Clamp(length, 1, MaxName)) : null;

    /// <summary>Files that are in no folder have a function for their name.</summary>
    private static string? OwnName(CrashedKernel kernel, KernelObject? mounted, KernelObject dentry)
    {
        if (dentry.AddressIn("d_op.d_dname") is not { Value: not 0 } function || dentry.AddressIn("d_parent") is not { } parent
            || (parent == dentry.Address && mounted?.AddressIn("mnt_root") == dentry.Address))
        {
            return null;
        }

        string number = dentry.Number("d_inode.i_ino") is { } inode ? inode.ToString(CultureInfo.InvariantCulture) : "?";
        return kernel.Names.TryFind(function, out SymbolPlace? place) ? place.Symbol.Name switch
        {
            "pipefs_dname" => $"pipe:[{number}]",
            "sockfs_dname" => $"socket:[{number}]",
            "anon_inodefs_dname" => $"anon_inode:{NameOf(dentry)}",
            "pidfs_dname" => "anon_inode:[pidfd]",
            "ns_dname" => $"{NamespaceKind(kernel, dentry)}:[{number}]",
            "simple_dname" => $"/{NameOf(dentry)} (deleted)",
            _ => NameOf(dentry),
        } : NameOf(dentry);
    }

    private static string? NamespaceKind(CrashedKernel kernel, KernelObject dentry)
    {
        // Until 6.8 the dentry says which kind it is of, then the inode has the namespace.
        if (dentry.TryGet("d_fsdata", out KernelObject? own)
            && kernel.FollowAs(own, "struct proc_ns_operations")?.TextOf("name", 32) is { } kind)
        {
            return kind;
        }

        return dentry.TryGet("d_inode.i_private", out own) ? kernel.FollowAs(own, "struct ns_common")?.TextOf("ops.name", 32) : null;
    }

    private static bool IsDeleted(KernelObject dentry) =>
        dentry.Number("d_hash.pprev") == 0 && dentry.AddressIn("d_parent") is { } parent && parent != dentry.Address;

    private static string Join(List<string> names, string start, bool isDeleted)
    {
        names.Reverse();
        return $"{start}/{string.Join('/', names)}{(isDeleted ? " (deleted)" : "")}";
    }
}
