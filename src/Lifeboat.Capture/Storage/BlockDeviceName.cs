namespace Lifeboat.Capture.Storage;

/// <summary>The kernel's name of a block device.</summary>
internal static class BlockDeviceName
{
    /// <summary>The name that sysfs has for a path: links (/dev/mapper/..., /dev/disk/...) are followed, <c>/</c> is <c>!</c>.</summary>
    internal static string Of(string device)
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

        const string Folder = "/dev/";
        return path.StartsWith(Folder, StringComparison.Ordinal) ? path[Folder.Length..].Replace('/', '!') : Path.GetFileName(path);
    }
}
