using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>
/// A file that is an array: it can be cut without being copied, and counts how often it is read, so that work without
/// an end is told from work that is slow.
/// </summary>
internal sealed class MemoryFile(byte[] bytes, int length, bool tellsLength = true) : IRandomAccessFile
{
    private long _reads;

    internal MemoryFile(byte[] bytes)
        : this(bytes, bytes.Length)
    {
    }

    /// <summary>Reads after which whoever reads is taken to have lost its way.</summary>
    internal long MostReads { get; set; } = long.MaxValue;

    /// <summary>One past the highest place that was read.</summary>
    internal ulong ReadEnd { get; set; }

    public string Path => "memory";

    // As with a real file: none when it is empty.
    public ByteCount? Length => length > 0 && tellsLength ? new ByteCount((ulong)length) : null;

    public int Read(FileOffset offset, Span<byte> destination, out Errno error)
    {
        error = Errno.None;
        if (++_reads > MostReads)
        {
            throw new InvalidOperationException($"more than {MostReads} reads");
        }

        if (offset.Value >= (ulong)length)
        {
            return 0;
        }

        int count = Math.Min(destination.Length, length - (int)offset.Value);
        bytes.AsSpan((int)offset.Value, count).CopyTo(destination);
        ReadEnd = Math.Max(ReadEnd, offset.Value + (ulong)count);
        return count;
    }

    public void Dispose()
    {
    }
}
