namespace Lifeboat.Kexec.Machine;

/// <summary>A machine's files out of an archive.</summary>
/// <param name="entries">The archive's entries: files with their bytes, folders with none.</param>
internal sealed class ArchiveSource(IReadOnlyList<TarEntry> entries) : ISystemSource
{
    /// <inheritdoc/>
    public byte[]? TryRead(string file, int count)
    {
        foreach (TarEntry entry in entries)
        {
            if (!entry.IsFolder && entry.Name == file)
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
        foreach (TarEntry entry in entries)
        {
            if (!entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            string rest = entry.Name[prefix.Length..];
            int end = rest.IndexOf('/', StringComparison.Ordinal);
            if (end > 0 || (entry.IsFolder && rest.Length > 0))
            {
                string name = end > 0 ? rest[..end] : rest;
                if (!names.Contains(name))
                {
                    names.Add(name);
                }
            }
        }

        return names;
    }
}
