using Lifeboat.Core.Compression.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Compression;

/// <summary>Reads <c>.gz</c> files whole.</summary>
public static class GzipArchive
{
    private const int BadData = 1;

    /// <summary>Decompresses a file of one gzip member, and checks its checksum and length.</summary>
    /// <param name="source">The file's bytes; what follows the member is not looked at.</param>
    /// <param name="maxLength">The most bytes that are believed of the content.</param>
    /// <returns>The content, or null when the source is damaged or its content is longer than allowed.</returns>
    /// <exception cref="KernelInterfaceException">libdeflate got no memory.</exception>
    public static byte[]? Decompress(ReadOnlySpan<byte> source, int maxLength)
    {
        using DeflateDecompressionHandle decompressor = LibDeflate.CreateDecompressor();
        return decompressor.IsInvalid
            ? throw new KernelInterfaceException("libdeflate_alloc_decompressor", null, Errno.ENOMEM)
            : GrowingBuffer.Fill(source.Length, maxLength, source, (from, to) => DecodeOnce(decompressor, from, to));
    }

    private static unsafe int DecodeOnce(
        DeflateDecompressionHandle decompressor, ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: both spans are pinned for the call, and their lengths go with them.
        fixed (byte* from = source, to = target)
        {
            return LibDeflate.DecompressGzip(
                decompressor, from, (nuint)source.Length, to, (nuint)target.Length, out nuint written) switch
            {
                LibDeflate.Success => (int)written,
                BadData => GrowingBuffer.Damaged,
                _ => GrowingBuffer.TooSmall,
            };
        }
    }
}
