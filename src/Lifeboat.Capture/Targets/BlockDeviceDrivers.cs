using Lifeboat.Core.Linux;

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
        string link = Path.Combine("class/block", Path.GetFileName(device));
        var modules = new List<string>(DeviceDrivers.Of(link, systemFolder));

        // With the kernel's own multipath a namespace lies beside its controllers, not below one.
        foreach (string controller in SystemFile.Target(Path.Combine(systemFolder, link)) is { } folder ? NvmeControllers.Of(folder) : [])
        {
            foreach (string module in DeviceDrivers.Of(Path.Combine("class/nvme", Path.GetFileName(controller)), systemFolder))
            {
                if (!modules.Contains(module))
                {
                    modules.Add(module);
                }
            }
        }

        return modules;
    }
}
