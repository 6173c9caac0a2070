using Lifeboat.Capture.Modules;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>
/// What drivers ask the kernel to load into their cards: the files that their modules name (<c>firmware=</c>) and this machine has, as it has
/// them. The kernel looks for them itself, in the ramdisk as here.
/// </summary>
/// <remarks>Source: the kernel's Documentation/driver-api/firmware/fw_search_path.rst and drivers/base/firmware_loader.</remarks>
internal static class FirmwareFiles
{
    // In the kernel's order.
    private static readonly string[] Suffixes = ["", ".zst", ".xz"];

    /// <summary>The files for modules, at the places that they have here.</summary>
    /// <param name="modules">The modules' files, decompressed.</param>
    /// <param name="release">The kernel's release.</param>
    /// <param name="root">Where the machine's files are.</param>
    internal static IReadOnlyList<RamdiskFile> For(IReadOnlyList<byte[]> modules, string release, string root)
    {
        var files = new List<RamdiskFile>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (byte[] module in modules)
        {
            foreach (string name in ModuleInfo.TryRead(module)?.Firmware ?? [])
            {
                if (Find(name, release, root) is { } path && taken.Add(path))
                {
                    files.Add(RamdiskFile.FromHost(path, Path.Combine(root, path[1..])));
                }
            }
        }

        return files;
    }

    private static string? Find(string name, string release, string root)
    {
        foreach (string folder in (ReadOnlySpan<string>)[
            $"/lib/firmware/updates/{release}", "/lib/firmware/updates", $"/lib/firmware/{release}", "/lib/firmware"])
        {
            foreach (string suffix in Suffixes)
            {
                string path = $"{folder}/{name}{suffix}";
                if (File.Exists(Path.Combine(root, path[1..])))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
