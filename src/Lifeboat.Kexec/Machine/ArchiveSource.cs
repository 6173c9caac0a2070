using Lifeboat.Core.Archives;

namespace Lifeboat.Kexec.Machine;

/// <summary>A machine's files out of an archive.</summary>
/// <param name="entries">The archive's entries: files with their bytes, folders with none.</param>
internal sealed class ArchiveSource(IReadOnlyList<CpioEntry> entries) : ISystemSource
{
    /// <inheritdoc/>
    public byte[]? TryRead(string file, int count)
    {
        foreach (CpioEntry entry in entries)
        {
            if (entry.IsFile && PathOf(entry) == file)
            {
                return entry.Content[..Math.Min(count, entry.Content.Length)].ToArray();
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FolderNames(string folder)
    {
        string prefix = folder + "/";
        var names = new List<string>();
        foreach (CpioEntry entry in entries)
        {
            string path = PathOf(entry);
            if (entry.IsDirectory && path.StartsWith(prefix, StringComparison.Ordinal)
                && path.IndexOf('/', prefix.Length) < 0 && path.Length > prefix.Length)
            {
                names.Add(path[prefix.Length..]);
            }
        }

        return names;
    }

    // What find lists from a folder on begins with a dot.
    private static string PathOf(CpioEntry entry) =>
        entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
}
