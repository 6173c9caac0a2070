using System.Globalization;

namespace Lifeboat.Kexec.Machine;

/// <summary>The files of /proc and /sys below a root, so that a machine can be read from a copy of them.</summary>
internal sealed class SystemTree(string root)
{
    /// <summary>The path of a file that is named as on the live machine, <c>proc/iomem</c>.</summary>
    internal string PathOf(string file) => Path.Join(root, file);

    /// <summary>The text of a file; null when it is missing or may not be read.</summary>
    internal string? TryReadText(string file)
    {
        try
        {
            return File.ReadAllText(PathOf(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The first bytes of a file, at most <paramref name="count"/>; empty when they may not be read.</summary>
    internal ReadOnlyMemory<byte> TryReadStart(string file, int count)
    {
        try
        {
            var bytes = new byte[count];
            using var handle = File.OpenHandle(PathOf(file));
            int length = 0;
            int read;
            while (length < count && (read = RandomAccess.Read(handle, bytes.AsSpan(length), length)) > 0)
            {
                length += read;
            }

            return bytes.AsMemory(0, length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>A file that holds one decimal number; null when it does not.</summary>
    internal long? TryReadNumber(string file) =>
        long.TryParse(TryReadText(file)?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    /// <summary>The names in a folder, in no order; none when it is missing.</summary>
    internal IEnumerable<string> FolderNames(string folder)
    {
        string path = PathOf(folder);
        return Directory.Exists(path) ? Directory.EnumerateDirectories(path).Select(Path.GetFileName).OfType<string>() : [];
    }
}
