using System.Text;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>The path of an open file, from the root of all mounts on, as the kernel's <c>d_path</c> has it.</summary>
internal static class MappedFilePath
{
    private const int MostSteps = 512;
    private const int LongestName = 256;
    private const string Deleted = " (deleted)";

    /// <summary>Null when not even the file's own name can be read.</summary>
    internal static string? Of(CrashedKernel kernel, KernelObject file)
    {
        if (!file.TryGet("f_path.dentry", out KernelObject? place) || place.Pointer is null or { Value: 0 }
            || !kernel.Types.TryFind("struct mount", out KernelType? mountType))
        {
            return null;
        }

        KernelObject entry = place.Target;
        KernelObject mount = file["f_path.mnt"].Target.ContainerOf(mountType, "mnt");
        if (entry["d_parent"].Pointer == entry.Address && mount["mnt.mnt_root"].Pointer != entry.Address)
        {
            return NameOfPseudoFile(entry);
        }

        string end = entry["d_hash.pprev"].Unsigned == 0 && entry["d_parent"].Pointer != entry.Address ? Deleted : "";
        var names = new List<string>();
        for (int step = 0; step < MostSteps; step++)
        {
            if (mount["mnt.mnt_root"].Pointer == entry.Address)
            {
                KernelObject above = mount["mnt_parent"];
                if (above.Pointer is null || above.Pointer == mount.Address)
                {
                    break;
                }

                entry = mount["mnt_mountpoint"].Target;
                mount = above.Target;
                continue;
            }

            KernelObject parent = entry["d_parent"];
            if (parent.Pointer is null || parent.Pointer == entry.Address)
            {
                break;
            }

            if (NameOf(entry) is not { } name)
            {
                // What stands above is not known, what was found below is.
                names.Add("...");
                break;
            }

            names.Add(name);
            entry = parent.Target;
        }

        return names is ["..."] ? null : Join(names) + end;
    }

    private static string? NameOf(KernelObject entry) => entry["d_name.name"].Text(LongestName);

    /// <summary>Files that no directory has: sockets, pipes, what the kernel makes for itself, shared memory and memfd.</summary>
    private static string? NameOfPseudoFile(KernelObject entry)
    {
        string? name = NameOf(entry);
        return entry["d_sb.s_type.name"].Text(LongestName) switch
        {
            "sockfs" => $"socket:[{entry["d_inode.i_ino"].Unsigned}]",
            "pipefs" => $"pipe:[{entry["d_inode.i_ino"].Unsigned}]",
            "anon_inodefs" => $"anon_inode:{name}",
            _ => name is null ? null : $"/{name}{Deleted}",
        };
    }

    private static string Join(List<string> names)
    {
        var path = new StringBuilder();
        for (int i = names.Count - 1; i >= 0; i--)
        {
            path.Append('/').Append(names[i]);
        }

        return path.Length == 0 ? "/" : path.ToString();
    }
}
