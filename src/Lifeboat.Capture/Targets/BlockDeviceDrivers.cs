namespace Lifeboat.Capture.Targets;

/// <summary>Which modules drive a block device of the running machine.</summary>
public static class BlockDeviceDrivers
{
    /// <summary>
    /// The modules of the device's driver and of those above it, to its bus (<c>virtio_blk</c>, <c>virtio_pci</c>); drivers that the kernel has
    /// built in have none.
    /// </summary>
    /// <param name="device">The device, such as <c>/dev/vda1</c>.</param>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    public static IReadOnlyList<string> Of(string device, string systemFolder = "/sys")
    {
        string root = Path.Combine(Path.GetFullPath(systemFolder), "devices");
        string link = Path.Combine(systemFolder, "class/block", Path.GetFileName(device));
        var modules = new List<string>();
        for (string? folder = Target(link); folder?.StartsWith(root + '/', StringComparison.Ordinal) == true; folder = Path.GetDirectoryName(folder))
        {
            if (Target(Path.Combine(folder, "driver")) is { } driver && Target(Path.Combine(driver, "module")) is { } module
                && !modules.Contains(Path.GetFileName(module)))
            {
                modules.Add(Path.GetFileName(module));
            }
        }

        return modules;
    }

    private static string? Target(string link)
    {
        try
        {
            return Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
