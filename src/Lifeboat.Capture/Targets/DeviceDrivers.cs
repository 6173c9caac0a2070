using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Targets;

/// <summary>Which modules drive a device of the running machine, as sysfs tells.</summary>
internal static class DeviceDrivers
{
    /// <summary>
    /// The modules of the device's driver and of those above it, to its bus; drivers that the kernel has built in are named too where
    /// sysfs does, which does no harm: a module tree knows what is built in.
    /// </summary>
    /// <param name="link">The device's link in a class of sysfs: <c>class/net/eth0</c>.</param>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    internal static IReadOnlyList<string> Of(string link, string systemFolder)
    {
        string root = Path.Combine(Path.GetFullPath(systemFolder), "devices");
        var modules = new List<string>();
        for (string? folder = SystemFile.Target(Path.Combine(systemFolder, link));
            folder?.StartsWith(root + '/', StringComparison.Ordinal) == true;
            folder = Path.GetDirectoryName(folder))
        {
            if (SystemFile.Target(Path.Combine(folder, "driver")) is { } driver && SystemFile.Target(Path.Combine(driver, "module")) is { } module
                && !modules.Contains(Path.GetFileName(module)))
            {
                modules.Add(Path.GetFileName(module));
            }
        }

        return modules;
    }

}
