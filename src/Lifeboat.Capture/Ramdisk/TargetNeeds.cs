using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>What a ramdisk must have so that targets can be saved to: found on this machine, while it is built.</summary>
public sealed class TargetNeeds
{
    private readonly BlockDeviceFinder _devices;
    private readonly List<string> _modules = [];

    private TargetNeeds(BlockDeviceFinder devices) => _devices = devices;

    /// <summary>Modules, without what they depend on.</summary>
    public IReadOnlyList<string> Modules => _modules;

    /// <summary>What these targets need.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="devices">Finds the devices of the running machine.</param>
    public static TargetNeeds Of(DumpTargets targets, BlockDeviceFinder devices)
    {
        var needs = new TargetNeeds(devices);
        foreach (DumpTarget target in targets)
        {
            needs.Add(target);
        }

        return needs;
    }

    private void Add(DumpTarget target)
    {
        switch (target)
        {
            case FileSystemTarget fileSystem:
                AddModules(TargetModules.ForFileSystem(fileSystem.FileSystem));
                AddDriversOf(fileSystem.Device);
                break;
            default:
                throw new NotSupportedException($"what {target.Directive} needs is not known");
        }
    }

    // A ramdisk may be built for another machine, which has the device.
    private void AddDriversOf(DeviceSelector selector)
    {
        if (_devices.Find(selector) is { } device)
        {
            AddModules(BlockDeviceDrivers.Of(device));
        }
    }

    private void AddModules(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!_modules.Contains(name))
            {
                _modules.Add(name);
            }
        }
    }
}
