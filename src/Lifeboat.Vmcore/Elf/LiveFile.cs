using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Elf;

/// <summary>
/// /proc/kcore: a file without a length that means anything, where one page that the kernel will not give fails the
/// whole read. What comes before that page is read all the same.
/// </summary>
internal sealed class LiveFile(IRandomAccessFile file) : IRandomAccessFile
{
    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public ByteCount? Length => null;

    /// <inheritdoc/>
    public int Read(FileOffset offset, Span<byte> destination, out Errno error)
    {
        int done = file.Read(offset, destination, out error);
        if (error == Errno.None)
        {
            return done;
        }

        while (done < destination.Length)
        {
            ulong position = offset.Value + (ulong)done;
            int rest = (int)Math.Min((ulong)(destination.Length - done), Pfn.PageSize - (position % Pfn.PageSize));
            int read = file.Read(new FileOffset(position), destination.Slice(done, rest), out error);
            done += read;
            if (read < rest)
            {
                break;
            }
        }

        return done;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
