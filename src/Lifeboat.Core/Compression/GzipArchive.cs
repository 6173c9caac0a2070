using Lifeboat.Core.Compression.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Compression;

/// <summary>Reads <c>.gz</c> files whole.</summary>
public static class GzipArchive
{
    private const int BadData = 1;
    private const int SmallestLevel = 12;

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

    /// <summary>Compresses a file as one gzip member, as small as deflate makes it.</summary>
    /// <param name="source">The content.</param>
    /// <exception cref="KernelInterfaceException">libdeflate got no memory.</exception>
    public static unsafe byte[] Compress(ReadOnlySpan<byte> source)
    {
        using DeflateCompressionHandle compressor = LibDeflate.CreateCompressor(SmallestLevel);
        if (compressor.IsInvalid)
        {
            throw new KernelInterfaceException("libdeflate_alloc_compressor", null, Errno.ENOMEM);
        }

        var target = new byte[LibDeflate.GzipBound(compressor, (nuint)source.Length)];

        // Safety: both spans are pinned for the call, and their lengths go with them; the target is as long as it can get.
        fixed (byte* from = source, to = target)
        {
            return target[..(int)LibDeflate.CompressGzip(compressor, from, (nuint)source.Length, to, (nuint)target.Length)];
        }
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
