using System.Text;
using Lifeboat.Core.IO;

namespace Lifeboat.Capture.HostPrograms;

/// <summary>
/// Where the dynamic loader finds libraries by their names: /etc/ld.so.cache, as ldconfig writes it (dl-cache.h of glibc). A
/// damaged one has what can be read of it.
/// </summary>
internal sealed class LibraryCache
{
    private const int HeaderSize = 48;
    private const int EntrySize = 24;
    private const int MaxText = 4096;

    private readonly Dictionary<string, List<string>> _paths = new(StringComparer.Ordinal);

    private static ReadOnlySpan<byte> Magic => "glibc-ld.so.cache1.1"u8;

    /// <summary>Reads one; empty when the bytes are none.</summary>
    internal static LibraryCache Parse(ReadOnlySpan<byte> file)
    {
        var cache = new LibraryCache();

        // Before glibc 2.32 a table of an older form stands before it; offsets count from the magic.
        int start = file.IndexOf(Magic);
        if (start < 0 || file.Length - start < HeaderSize)
        {
            return cache;
        }

        file = file[start..];
        var header = new SpanReader(file[Magic.Length..]);
        uint count = header.ReadUInt32();
        for (uint index = 0; index < count && HeaderSize + ((index + 1L) * EntrySize) <= file.Length; index++)
        {
            var entry = new SpanReader(file[(HeaderSize + (int)(index * EntrySize))..]);
            entry.Skip(4);
            uint name = entry.ReadUInt32();
            uint path = entry.ReadUInt32();
            entry.Skip(4);

            // One for certain processors only (hwcap) may be more than the machine of the capture kernel's loader takes.
            if (entry.ReadUInt64() == 0 && TextAt(file, name) is { } key && TextAt(file, path) is { } value)
            {
                cache.Add(key, value);
            }
        }

        return cache;
    }

    /// <summary>The paths of the libraries of a name, the loader's first choice first; those for other machines are among them.</summary>
    internal IReadOnlyList<string> PathsOf(string name) => _paths.TryGetValue(name, out List<string>? paths) ? paths : [];

    private void Add(string name, string path)
    {
        if (!_paths.TryGetValue(name, out List<string>? paths))
        {
            _paths.Add(name, paths = []);
        }

        paths.Add(path);
    }

    private static string? TextAt(ReadOnlySpan<byte> file, uint offset)
    {
        if (offset >= (uint)file.Length)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = file.Slice((int)offset, Math.Min(MaxText, file.Length - (int)offset));
        int end = bytes.IndexOf((byte)0);
        return end <= 0 ? null : Encoding.UTF8.GetString(bytes[..end]);
    }
}
