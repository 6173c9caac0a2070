using Lifeboat.Capture.Ramdisk;

namespace Lifeboat.Capture.Storage;

/// <summary>Reads a folder as files of a ramdisk: links stay links.</summary>
internal static class StorageTree
{
    private const int MostFiles = 4096;
    private const int MostLevels = 32;

    /// <summary>Its files and links, by path.</summary>
    /// <exception cref="IOException">It cannot be read, or holds more than the programs of storage do.</exception>
    internal static IReadOnlyList<RamdiskFile> Read(string folder)
    {
        var files = new List<RamdiskFile>();
        Add(new DirectoryInfo(folder), "", 0, files);
        files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private static void Add(DirectoryInfo folder, string path, int level, List<RamdiskFile> files)
    {
        foreach (FileSystemInfo entry in folder.GetFileSystemInfos())
        {
            if (files.Count >= MostFiles || level >= MostLevels)
            {
                throw new IOException($"{folder.FullName} holds more than {MostFiles} files, or folders {MostLevels} deep");
            }

            string place = $"{path}/{entry.Name}";
            if (entry.LinkTarget is { } target)
            {
                files.Add(RamdiskFile.FromLink(place, target));
            }
            else if (entry is DirectoryInfo below)
            {
                Add(below, place, level + 1, files);
            }
            else
            {
                files.Add(RamdiskFile.FromBytes(place, File.ReadAllBytes(entry.FullName), (int)File.GetUnixFileMode(entry.FullName)));
            }
        }
    }
}
