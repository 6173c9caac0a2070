using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests;

/// <summary>A file on a disk that takes a number of bytes and then is full.</summary>
internal sealed class LimitedStream(string path, Func<int, bool> take)
    : FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read)
{
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!take(buffer.Length))
        {
            throw new IOException("No space left on device", (int)Errno.ENOSPC);
        }

        base.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
