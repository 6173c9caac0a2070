namespace Lifeboat.Core.Compression;

/// <summary>Decompresses raw Snappy blocks (Snappy's format_description.txt), whatever they hold.</summary>
public static class SnappyDecompressor
{
    /// <summary>Decompresses the whole of <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or -1 when the source is damaged or does not fit.</returns>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (!TryReadContentLength(source, out uint promised, out int read) || promised > (uint)target.Length)
        {
            return -1;
        }

        target = target[..(int)promised];
        int written = 0;
        while (read < source.Length)
        {
            int tag = source[read++];
            int extra = (tag & 3) switch { 0 => Math.Max(0, (tag >> 2) - 59), 1 => 1, 2 => 2, _ => 4 };
            if (source.Length - read < extra)
            {
                return -1;
            }

            uint value = 0;
            for (int i = 0; i < extra; i++)
            {
                value |= (uint)source[read + i] << (8 * i);
            }

            read += extra;
            if ((tag & 3) == 0)
            {
                uint length = extra == 0 ? (uint)tag >> 2 : value;
                if (length >= (uint)(source.Length - read) || length >= (uint)(target.Length - written))
                {
                    return -1;
                }

                int count = (int)length + 1;
                source.Slice(read, count).CopyTo(target[written..]);
                read += count;
                written += count;
                continue;
            }

            bool isShort = (tag & 3) == 1;
            uint distance = isShort ? ((uint)(tag >> 5) << 8) | value : value;
            int matched = isShort ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
            if (distance > (uint)written || !Matches.TryCopy(target, ref written, (int)distance, matched))
            {
                return -1;
            }
        }

        return written == target.Length ? written : -1;
    }

    /// <summary>The length of the content, as the block's first bytes give it.</summary>
    internal static bool TryReadContentLength(ReadOnlySpan<byte> source, out uint length, out int read)
    {
        length = 0;
        for (read = 0; read < Math.Min(source.Length, 5);)
        {
            byte part = source[read];
            if (read == 4 && part > 15)
            {
                return false;
            }

            length |= (uint)(part & 0x7f) << (7 * read++);
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
