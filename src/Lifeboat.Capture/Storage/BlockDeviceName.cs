using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Storage;

/// <summary>The kernel's name of a block device.</summary>
public static class BlockDeviceName
{
    private const string Folder = "/dev/";
    private const string Mapper = "/dev/mapper/";

    /// <summary>
    /// The name that sysfs has for a path: links (/dev/mapper/..., /dev/disk/...) are followed, <c>/</c> is <c>!</c>. Where no udev makes
    /// links, /dev/mapper has nodes, and the name is looked for.
    /// </summary>
    /// <param name="device">The path.</param>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    public static string Of(string device, string systemFolder = "/sys")
    {
        string path = device;
        try
        {
            path = File.ResolveLinkTarget(device, returnFinalTarget: true)?.FullName ?? device;
        }
        catch (IOException)
        {
            // A path that is not there has no other name.
        }

        string folder = Path.Combine(systemFolder, "class/block");
        foreach (string entry in path.StartsWith(Mapper, StringComparison.Ordinal) && Directory.Exists(folder)
            ? Directory.GetFileSystemEntries(folder, "dm-*") : [])
        {
            if (SystemFile.Text(entry, "dm/name") is { } name && path.AsSpan(Mapper.Length).SequenceEqual(name))
            {
                return Path.GetFileName(entry);
            }
        }

        return path.StartsWith(Folder, StringComparison.Ordinal) ? path[Folder.Length..].Replace('/', '!') : Path.GetFileName(path);
    }
}
