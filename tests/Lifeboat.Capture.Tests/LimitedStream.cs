using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests;

/// <summary>A file on a disk that takes a number of bytes and then is full.</summary>
internal sealed class LimitedStream(string path, Func<int, bool> take)
    : FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read)
{
    // A file stream's way to write a span leads back here from a type that is derived from it; the one for arrays does not.
    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (!take(count))
        {
            throw new IOException("No space left on device", (int)Errno.ENOSPC);
        }

        base.Write(buffer, offset, count);
    }
}
