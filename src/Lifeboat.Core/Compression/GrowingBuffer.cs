namespace Lifeboat.Core.Compression;

/// <summary>Tries a decoder with larger and larger buffers, for formats that do not say the size of their content.</summary>
internal static class GrowingBuffer
{
    /// <summary>A decoder's answer: the target was too small.</summary>
    internal const int TooSmall = -1;

    /// <summary>A decoder's answer: the source is damaged, a larger target would not help.</summary>
    internal const int Damaged = -2;

    /// <summary>Decodes all of a source into a target of fixed size.</summary>
    internal delegate int Decoder(ReadOnlySpan<byte> source, Span<byte> target);

    /// <summary>The decoded bytes, or null when the source is damaged or more than <paramref name="maxLength"/>.</summary>
    internal static byte[]? Fill(int compressedLength, int maxLength, ReadOnlySpan<byte> source, Decoder decode)
    {
        long size = Math.Max(4096, compressedLength * 5L);
        while (true)
        {
            byte[] target = new byte[Math.Min(size, maxLength)];
            int length = decode(source, target);
            if (length >= 0)
            {
                return target.AsSpan(0, length).ToArray();
            }

            // A damaged zstd frame also answers "too small": the growth ends at the limit, or at a ratio
            // that nothing real has.
            if (length == Damaged || target.Length >= maxLength || size > compressedLength * 2000L + (1 << 20))
            {
                return null;
            }

            size *= 3;
        }
    }
}
