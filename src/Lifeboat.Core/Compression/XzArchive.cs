using Lifeboat.Core.Compression.Interop;

namespace Lifeboat.Core.Compression;

/// <summary>Reads <c>.xz</c> files whole.</summary>
public static class XzArchive
{
    // A kernel module is packed with a dictionary of 1 or 2 MiB; xz -9 needs 65 MiB.
    private const ulong MemoryLimit = 128UL << 20;

    /// <summary>Decompresses a file of one xz stream.</summary>
    /// <param name="source">The file's bytes.</param>
    /// <param name="maxLength">The most bytes that are believed of the content.</param>
    /// <returns>The content, or null when the source is damaged or its content is longer than allowed.</returns>
    public static byte[]? Decompress(ReadOnlySpan<byte> source, int maxLength) =>
        GrowingBuffer.Fill(source.Length, maxLength, source, DecodeOnce);

    private static unsafe int DecodeOnce(ReadOnlySpan<byte> source, Span<byte> target)
    {
        ulong limit = MemoryLimit;
        nuint read = 0;
        nuint written = 0;

        // Safety: both spans are pinned for the call, and their lengths go with them.
        fixed (byte* from = source, to = target)
        {
            int result = LibLzma.Decode(
                &limit, 0, 0, from, &read, (nuint)source.Length, to, &written, (nuint)target.Length);
            return result switch
            {
                LibLzma.Ok => (int)written,
                LibLzma.BufferTooSmall => GrowingBuffer.TooSmall,
                _ => GrowingBuffer.Damaged,
            };
        }
    }
}
