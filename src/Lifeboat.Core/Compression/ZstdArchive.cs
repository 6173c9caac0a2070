using Lifeboat.Core.Compression.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Compression;

/// <summary>Whole files as one zstd frame each: with a bounded window when written, of any size when read.</summary>
public static class ZstdArchive
{
    /// <summary>
    /// Compresses <paramref name="source"/> into one frame that a reader can undo with a window of
    /// 2^<paramref name="windowLog"/> bytes: what matters when that reader is a kernel with little memory.
    /// </summary>
    /// <param name="source">What to compress.</param>
    /// <param name="level">zstd's level, 1 to 19.</param>
    /// <param name="windowLog">The window's size as a power of two, 10 to 27.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level or the window is outside zstd's bounds.</exception>
    public static unsafe byte[] Compress(ReadOnlySpan<byte> source, int level, int windowLog)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(level is >= 1 and <= 19, true, nameof(level));
        ArgumentOutOfRangeException.ThrowIfNotEqual(windowLog is >= 10 and <= 27, true, nameof(windowLog));
        using ZstdCompressionHandle context = LibZstd.CreateCompressionContext(level);
        if (context.IsInvalid)
        {
            throw new KernelInterfaceException("ZSTD_createCCtx", null, Errno.ENOMEM);
        }

        LibZstd.SetParameter(context, LibZstd.ParameterWindowLog, windowLog);
        byte[] target = new byte[ZstdCompressor.MaxCompressedLength(source.Length)];

        // Safety: both buffers are pinned for the call, and their lengths go with them.
        fixed (byte* from = source, to = target)
        {
            nuint written = LibZstd.CompressWithParameters(
                context, to, (nuint)target.Length, from, (nuint)source.Length);
            if (LibZstd.IsError(written) != 0)
            {
                throw new KernelInterfaceException("ZSTD_compress2", null, Errno.ENOMEM);
            }

            return target.AsSpan(0, (int)written).ToArray();
        }
    }

    /// <summary>Decompresses a file that is one zstd frame.</summary>
    /// <param name="source">The file's bytes.</param>
    /// <param name="maxLength">The most bytes that are believed of the content.</param>
    /// <returns>The content, or null when the source is damaged or its content is longer than allowed.</returns>
    public static byte[]? Decompress(ReadOnlySpan<byte> source, int maxLength)
    {
        using var decompressor = new ZstdDecompressor();
        if (ZstdDecompressor.TryGetContentSize(source, out ulong size))
        {
            if (size > (ulong)maxLength)
            {
                return null;
            }

            byte[] content = new byte[(int)size];
            return decompressor.Decompress(source, content) == content.Length ? content : null;
        }

        return GrowingBuffer.Fill(source.Length, maxLength, source, (from, target) =>
        {
            int length = decompressor.Decompress(from, target);
            return length >= 0 ? length : GrowingBuffer.TooSmall;
        });
    }
}
