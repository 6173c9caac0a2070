using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>
/// Finds the file that a path of grub names. Grub's paths begin at the root of a filesystem: that of its own files, or one
/// that was searched for by UUID, label or file. Which folder that is here is told by the mounts.
/// </summary>
internal sealed class GrubFiles
{
    /// <summary>What a device is called that was searched for: <c>UUID=...</c>.</summary>
    internal const string ByUuid = "UUID=";

    internal const string ByLabel = "LABEL=";

    private readonly SystemTree _tree;
    private readonly string _folder;
    private readonly IReadOnlyList<MountPoint> _mounts;

    /// <summary>Paths as grub has them whose files lie in <paramref name="folder"/>, /boot/grub.</summary>
    internal GrubFiles(SystemTree tree, string folder)
    {
        _tree = tree;
        _folder = folder;
        _mounts = MountPoint.Read(tree);
    }

    /// <summary>The path, below the tree's root, of an existing file or folder.</summary>
    /// <param name="path">A path, perhaps with a device before it: <c>(UUID=...)/vmlinuz</c>.</param>
    /// <param name="device">The device, for a path without one; empty for grub's own.</param>
    /// <param name="problem">Why there is none, when there is none.</param>
    /// <param name="isMissing">Whether the device is known and the file is not there.</param>
    internal string? Find(string path, string device, out string problem, out bool isMissing)
    {
        isMissing = false;
        if (path.StartsWith('('))
        {
            int end = path.IndexOf(')', StringComparison.Ordinal);
            if (end < 0)
            {
                problem = $"{Shown(path)} is no path";
                return null;
            }

            (device, path) = (path[1..end], path[(end + 1)..]);
        }

        if (!EntryFiles.IsPlainPath(path))
        {
            problem = $"{Shown(path)} is no path";
            return null;
        }

        if (FoldersOf(device, path, out problem) is not { } candidates)
        {
            return null;
        }

        foreach (string candidate in candidates)
        {
            if (_tree.FileExists(candidate))
            {
                return candidate;
            }
        }

        isMissing = true;
        problem = $"{Shown(path)} is not there";
        return null;
    }

    /// <summary>Answers <c>-e</c>, <c>-f</c>, <c>-d</c> and <c>-s</c>; null when the device is not known here.</summary>
    internal bool? Test(char kind, string path, string device, out string? problem)
    {
        problem = null;
        if (path.Length == 0)
        {
            return false;
        }

        if (Find(path, device, out string why, out bool isMissing) is not { } found)
        {
            problem = why;
            return isMissing ? false : null;
        }

        return kind switch
        {
            'e' => true,
            'd' => _tree.FolderExists(found),
            's' => _tree.TryReadStart(found, 1).Length > 0,
            _ => !_tree.FolderExists(found),
        };
    }

    /// <summary>The device that a search of a file finds: grub's own when it has the file.</summary>
    internal string? DeviceOfFile(string path) => Find(path, "", out _, out _) is null ? null : "";

    private List<string>? FoldersOf(string device, string path, out string problem)
    {
        problem = "";
        if (device.Length == 0)
        {
            if (path.StartsWith(_folder + "/", StringComparison.Ordinal))
            {
                // A path that was made of prefix, which here is the folder as it is mounted.
                return [path];
            }

            return _mounts.Count == 0 ? Anywhere(path) : Below(MountPoint.Of(_mounts, _folder)?.Source, path);
        }

        bool isUuid = device.StartsWith(ByUuid, StringComparison.Ordinal);
        if (!isUuid && !device.StartsWith(ByLabel, StringComparison.Ordinal))
        {
            problem = $"which disk ({Shown(device)}) is, only grub knows";
            return null;
        }

        string links = isUuid ? "dev/disk/by-uuid" : "dev/disk/by-label";
        string name = device[(isUuid ? ByUuid : ByLabel).Length..];
        if (_mounts.Count == 0 || !_tree.FolderExists(links))
        {
            return Anywhere(path);
        }

        // The number of a FAT filesystem is written in either case.
        string? target = name.Contains('/', StringComparison.Ordinal) ? null
            : MountPoint.DeviceOf(_tree, $"{links}/{name}")
                ?? MountPoint.DeviceOf(_tree, $"{links}/{name.ToUpperInvariant()}")
                ?? MountPoint.DeviceOf(_tree, $"{links}/{name.ToLowerInvariant()}");
        List<string> folders = Below(target, path);
        if (folders.Count == 0)
        {
            problem = $"the filesystem {Shown(device)} is not mounted";
            return null;
        }

        return folders;
    }

    /// <summary>Where nothing tells of mounts: /boot may be a filesystem of its own, or a folder.</summary>
    private static List<string> Anywhere(string path) => ["/boot" + path, path];

    private List<string> Below(string? device, string path)
    {
        var folders = new List<string>();
        foreach (MountPoint mount in _mounts)
        {
            if (device is null || mount.Source != device)
            {
                continue;
            }

            string point = mount.Point == "/" ? "" : mount.Point;
            string root = mount.Root == "/" ? "" : mount.Root;

            // Of btrfs, a part of the filesystem is mounted (/@); grub's path may begin above or within it.
            if (root.Length > 0 && path.StartsWith(root + "/", StringComparison.Ordinal))
            {
                folders.Add(point + path[root.Length..]);
            }

            folders.Add(point + path);
        }

        return folders;
    }

    private static string Shown(string path) => path.Length > 200 ? path[..200] + "..." : path;
}
