namespace Lifeboat.Kexec.Machine;

/// <summary>A machine's files, of which those that are asked for are kept: nothing that is read can be forgotten.</summary>
/// <param name="source">Where the files come from.</param>
internal sealed class RecordingSource(ISystemSource source) : ISystemSource
{
    private readonly List<TarEntry> _entries = [];

    /// <summary>What there was, by its path: files with the most that was asked of each, folders that were named.</summary>
    internal IReadOnlyList<TarEntry> Entries
    {
        get
        {
            _entries.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
            return _entries;
        }
    }

    /// <inheritdoc/>
    public byte[]? TryRead(string file, int count)
    {
        byte[]? bytes = source.TryRead(file, count);
        if (bytes is not null)
        {
            Keep(new TarEntry(file, bytes, IsFolder: false));
        }

        return bytes;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FolderNames(string folder)
    {
        IReadOnlyList<string> names = source.FolderNames(folder);
        foreach (string name in names)
        {
            Keep(new TarEntry($"{folder}/{name}", default, IsFolder: true));
        }

        return names;
    }

    private void Keep(TarEntry entry)
    {
        int known = _entries.FindIndex(other => other.Name == entry.Name);
        if (known < 0)
        {
            _entries.Add(entry);
        }
        else if (_entries[known].Content.Length < entry.Content.Length)
        {
            _entries[known] = entry;
        }
    }
}
