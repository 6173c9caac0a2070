using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Storage;

/// <summary>What a block device of the running machine is made of: its layers from the disks up, and the disks.</summary>
/// <remarks>
/// <code>
/// dm-2 LVM-...  the volume vg/crash        layers, bottom-up: md127, dm-2
///   md127       the array                  disks:             vda, vdb
///     vda1      a partition, on vda
///     vdb
/// </code>
/// <para>Everything is read from sysfs and from the devices' own superblocks; no tool is asked.</para>
/// </remarks>
public sealed class StorageStack
{
    internal StorageStack(IReadOnlyList<StorageLayer> layers, IReadOnlyList<string> disks)
    {
        Layers = layers;
        Disks = disks;
    }

    /// <summary>What has to be set up, each after those it is made of; none for a disk or a partition of one.</summary>
    public IReadOnlyList<StorageLayer> Layers { get; }

    /// <summary>The disks at the bottom by the kernel's names; none for a device that is not there.</summary>
    public IReadOnlyList<string> Disks { get; }

    /// <summary>Looks at the devices of a filesystem.</summary>
    /// <param name="devices">Their paths, links such as <c>/dev/mapper/vg-crash</c> too.</param>
    /// <param name="probe">What lies on a device, by the kernel's name; null asks the device itself.</param>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    /// <exception cref="Core.Diagnostics.DiagnosticException">A part of it is none that a capture kernel could be given.</exception>
    public static StorageStack Of(IReadOnlyList<string> devices, Func<string, DeviceContent?>? probe = null, string systemFolder = "/sys")
    {
        var walk = new StorageWalk(
            systemFolder, probe ?? (name => FileSystemProbe.Read($"/dev/{name.Replace('!', '/')}", $"{systemFolder}/class/block/{name}")));
        foreach (string device in devices)
        {
            walk.Add(device, BlockDeviceName.Of(device, systemFolder));
        }

        return new StorageStack(walk.Layers, walk.Disks);
    }

    /// <summary>The modules that drive the disks.</summary>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    public IReadOnlyList<string> Drivers(string systemFolder = "/sys")
    {
        var modules = new List<string>();
        foreach (string disk in Disks)
        {
            foreach (string module in BlockDeviceDrivers.Of(disk, systemFolder))
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
