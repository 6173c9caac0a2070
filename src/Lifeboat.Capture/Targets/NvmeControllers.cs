namespace Lifeboat.Capture.Targets;

/// <summary>The controllers that lead to an NVMe namespace: one, or with the kernel's own multipath several.</summary>
internal static class NvmeControllers
{
    /// <summary>Their folders in sysfs, in the order of their names; none for another kind of device.</summary>
    /// <param name="folder">The folder in sysfs of a namespace or of a partition of it.</param>
    internal static IReadOnlyList<string> Of(string folder)
    {
        for (string? at = Path.GetDirectoryName(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (IsController(at))
            {
                return [at];
            }

            // A subsystem has links to its controllers beside the folders of its namespaces.
            if (File.Exists(Path.Combine(at, "subsysnqn")))
            {
                string[] controllers = Array.FindAll(Directory.GetDirectories(at, "nvme*"), IsController);
                Array.Sort(controllers, StringComparer.Ordinal);
                return controllers;
            }
        }

        return [];
    }

    private static bool IsController(string folder) => File.Exists(Path.Combine(folder, "transport"));
}
