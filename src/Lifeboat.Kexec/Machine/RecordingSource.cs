using Lifeboat.Core.Archives;

namespace Lifeboat.Kexec.Machine;

/// <summary>A machine's files, of which those that are asked for are kept: nothing that is read can be forgotten.</summary>
/// <param name="source">Where the files come from.</param>
internal sealed class RecordingSource(ISystemSource source) : ISystemSource
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    /// <summary>The paths of the files that there were, in order.</summary>
    internal IReadOnlyList<string> Files => Sorted(_files.Keys);

    /// <inheritdoc/>
    public byte[]? TryRead(string file, int count)
    {
        byte[]? bytes = source.TryRead(file, count);
        if (bytes is not null && !(_files.TryGetValue(file, out byte[]? known) && known.Length >= bytes.Length))
        {
            _files[file] = bytes; // the most that was asked of it
        }

        return bytes;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FolderNames(string folder)
    {
        IReadOnlyList<string> names = source.FolderNames(folder);
        foreach (string name in names)
        {
            _folders.Add($"{folder}/{name}");
        }

        return names;
    }

    /// <summary>What was asked for as an archive: folders with those they lie in first, then files.</summary>
    internal byte[] ToArchive()
    {
        using var stream = new MemoryStream();
        var writer = new CpioWriter(stream);
        foreach (string folder in Folders())
        {
            writer.AddDirectory(folder);
        }

        foreach (string file in Files)
        {
            writer.AddFile(file, _files[file], 0x1A4);
        }

        writer.Finish();
        return stream.ToArray();
    }

    private string[] Folders()
    {
        var all = new HashSet<string>(_folders, StringComparer.Ordinal);
        foreach (string path in (string[])[.. _files.Keys, .. _folders])
        {
            for (int end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            {
                all.Add(path[..end]);
            }
        }

        return Sorted(all);
    }

    private static string[] Sorted(IEnumerable<string> names)
    {
        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }
}
