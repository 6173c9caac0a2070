namespace Lifeboat.Core.Compression;

/// <summary>Decompresses LZO1X streams (the kernel's Documentation/staging/lzo.rst), whatever they hold.</summary>
/// <remarks>
/// <code>
/// first byte 18..255   that many literals less 17
/// 0000LLLL             after a match without literals: a run of literals
///                      else a match of 2 (3 after a run) bytes, near
/// 0001HLLL + 2 bytes   a match 16 to 48 KiB back; at distance 0 the end
/// 001LLLLL + 2 bytes   a match up to 16 KiB back
/// 01LDDDSS, 1LLDDDSS   a match of 3 to 8 bytes up to 2 KiB back
/// </code>
/// </remarks>
public static class LzoDecompressor
{
    private const int AfterRun = 4;

    /// <summary>Decompresses the whole of <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or -1 when the source is damaged, goes on after its end, or does not fit.</returns>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int read = 0;
        int written = 0;

        // How many literals followed the last match: what the small codes mean depends on it.
        int state = 0;
        if (source.Length > 0 && source[0] > 17)
        {
            int length = source[0] - 17;
            read = 1;
            if (!TryCopyLiterals(source, ref read, target, ref written, length))
            {
                return -1;
            }

            state = Math.Min(length, AfterRun);
        }

        while (read < source.Length)
        {
            int code = source[read++];
            int length;
            int distance;
            int trailing;
            if (code < 16 && state == 0)
            {
                length = code;
                if ((code == 0 && !TryReadLength(source, ref read, 15, out length))
                    || !TryCopyLiterals(source, ref read, target, ref written, length + 3))
                {
                    return -1;
                }

                state = AfterRun;
                continue;
            }

            if (code >= 64 || code < 16)
            {
                if (read >= source.Length)
                {
                    return -1;
                }

                int high = source[read++];
                trailing = code & 3;
                (length, distance) = code >= 64 ? ((code >> 5) + 1, (high << 3) + ((code >> 2) & 7) + 1)
                    : state == AfterRun ? (3, (high << 2) + (code >> 2) + 0x801)
                    : (2, (high << 2) + (code >> 2) + 1);
            }
            else
            {
                int mask = code >= 32 ? 31 : 7;
                length = code & mask;
                if ((length == 0 && !TryReadLength(source, ref read, mask, out length)) || source.Length - read < 2)
                {
                    return -1;
                }

                int low = source[read] | (source[read + 1] << 8);
                read += 2;
                trailing = low & 3;
                length += 2;
                distance = (low >> 2) + (code >= 32 ? 1 : 0x4000 + ((code & 8) << 11));
                if (distance == 0x4000 && code < 32)
                {
                    return read == source.Length ? written : -1;
                }
            }

            if (!Matches.TryCopy(target, ref written, distance, length)
                || !TryCopyLiterals(source, ref read, target, ref written, trailing))
            {
                return -1;
            }

            state = trailing;
        }

        return -1;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> source, ref int read, int least, out int length)
    {
        length = least;
        while (read < source.Length)
        {
            int next = source[read++];
            length += next == 0 ? 255 : next;
            if (next != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryCopyLiterals(
        ReadOnlySpan<byte> source, ref int read, Span<byte> target, ref int written, int length)
    {
        if (length > source.Length - read || length > target.Length - written)
        {
            return false;
        }

        source.Slice(read, length).CopyTo(target[written..]);
        read += length;
        written += length;
        return true;
    }
}
