namespace Lifeboat.Kexec.Machine;

/// <summary>A machine's files below a folder.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
/// <param name="root">The folder; <c>/</c> for the machine that runs.</param>
internal sealed class FolderSource(string root) : ISystemSource
{
    private const int FirstStep = 64 << 10;

    // One for all: hundreds of files have a few bytes each.
    private readonly byte[] _buffer = new byte[FirstStep];

    internal string PathOf(string file) => Path.Join(root, file);

    /// <inheritdoc/>
    public byte[]? TryRead(string file, int count)
    {
        try
        {
            // Files of /proc and /sys do not know their length: they are read until they end.
            using var handle = File.OpenHandle(PathOf(file));
            byte[] bytes = _buffer;
            int length = 0;
            while (true)
            {
                int read = RandomAccess.Read(handle, bytes.AsSpan(length, Math.Min(bytes.Length, count) - length), length);
                length += read;
                if (read == 0 || length == count)
                {
                    return bytes[..length];
                }

                if (length == bytes.Length)
                {
                    Array.Resize(ref bytes, (int)Math.Min(count, bytes.Length * 2L));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FolderNames(string folder)
    {
        var names = new List<string>();
        try
        {
            foreach (string path in Directory.EnumerateDirectories(Path.Join(root, folder)))
            {
                names.Add(Path.GetFileName(path));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            names.Clear();
        }

        return names;
    }
}
