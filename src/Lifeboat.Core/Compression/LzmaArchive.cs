using Lifeboat.Core.Compression.Interop;

namespace Lifeboat.Core.Compression;

/// <summary>Reads <c>.lzma</c> files whole: the format before xz, which kernel images still use.</summary>
public static class LzmaArchive
{
    // The largest dictionary of the lzma command (-9) takes 65 MiB.
    private const ulong MemoryLimit = 128UL << 20;

    /// <summary>Decompresses a file of one LZMA stream.</summary>
    /// <param name="source">The file's bytes; what follows the stream is not looked at.</param>
    /// <param name="maxLength">The most bytes that are believed of the content.</param>
    /// <returns>The content, or null when the source is damaged or its content is longer than allowed.</returns>
    public static byte[]? Decompress(ReadOnlySpan<byte> source, int maxLength) =>
        GrowingBuffer.Fill(source.Length, maxLength, source, DecodeOnce);

    private static unsafe int DecodeOnce(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: the stream lives on this stack frame until it is ended; both spans are pinned for the calls that use
        // them, and their lengths go with them.
        LzmaStream stream = default;
        fixed (byte* from = source, to = target)
        {
            if (LibLzma.StartAloneDecoder(&stream, MemoryLimit) != LibLzma.Ok)
            {
                return GrowingBuffer.Damaged;
            }

            stream.NextIn = from;
            stream.AvailableIn = (nuint)source.Length;
            stream.NextOut = to;
            stream.AvailableOut = (nuint)target.Length;
            int result = LibLzma.Code(&stream, LibLzma.Finish);
            LibLzma.End(&stream);
            return result switch
            {
                LibLzma.StreamEnd => target.Length - (int)stream.AvailableOut,
                LibLzma.Ok or LibLzma.BufferTooSmall when stream.AvailableOut == 0 => GrowingBuffer.TooSmall,
                _ => GrowingBuffer.Damaged,
            };
        }
    }
}
