using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks into LZO1X streams, as LZO1X-1 does: one probe a position, greedy matches.</summary>
/// <remarks>
/// <para><b>Format.</b> Instructions of literal runs and matches as the kernel's Documentation/staging/lzo.rst has them;
/// see <see cref="LzoDecompressor"/>.</para>
/// <para><b>Hot path.</b> Nothing is allocated. The table of positions is cleared for each block: telling old entries
/// from new ones by their numbers costs more than that, on the way to every comparison.</para>
/// <para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para>
/// </remarks>
public sealed unsafe class LzoCompressor
{
    private const int TableBits = 14;
    private const int MaxChunk = 48 << 10; // so that no distance within a chunk is beyond the longest there is
    private const int Tail = 20; // the last bytes are literals: the search may read ahead without a check
    private const int MinMatch = 4;
    private const int ShortDistance = 0x800;
    private const int MiddleDistance = 0x4000;
    private const int EndLength = 3;
    private const int RoomOfAnyMatch = (MaxChunk / 255) + 4;

    private readonly ushort[] _table = new ushort[1 << TableBits];

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: all pointers below are into these three, which stay where they are until the end of the block.
        fixed (byte* from = source, to = target)
        fixed (ushort* table = _table)
        {
            byte* end = to + target.Length;
            byte* next = to;
            int literals = 0;
            int done = 0;
            while (source.Length - done > Tail)
            {
                int length = Math.Min(source.Length - done, MaxChunk);
                PositionTable.Clear(_table);
                next = CompressChunk(from + done, length, next, end, table, ref literals);
                if (next is null)
                {
                    return 0;
                }

                done += length;
            }

            literals += source.Length - done;
            next = literals == 0 ? next : WriteLastLiterals(from + source.Length - literals, literals, next, to, end);
            if (next is null || end - next < EndLength)
            {
                return 0;
            }

            // A match of distance 0 beyond the middle distance ends the stream.
            next[0] = 17;
            next[1] = 0;
            next[2] = 0;
            return (int)(next - to) + EndLength;
        }
    }

    private static byte* WriteLastLiterals(byte* literals, int length, byte* next, byte* start, byte* end)
    {
        const int MaxFirstRun = 238;
        if (next != start || length > MaxFirstRun || end - next <= length)
        {
            return WriteLongLiterals(literals, length, next, end);
        }

        *next++ = (byte)(17 + length);
        Unsafe.CopyBlockUnaligned(next, literals, (uint)length);
        return next + length;
    }

    /// <summary>Writes a run of literals; null when it does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLiterals(byte* literals, int length, byte* next, byte* end)
    {
        // Most runs are short: 16 bytes are copied at once. Safety: a run that a match follows begins Tail bytes or more
        // before the end of the source; the last run does not come here.
        if (length <= 3 && end - next >= 16)
        {
            // Up to three ride in the two low bits of the match before.
            next[-2] |= (byte)length;
            *(uint*)next = *(uint*)literals;
            return next + length;
        }

        if (length <= 16 && length > 3 && end - next >= 32)
        {
            *next++ = (byte)(length - 3);
            Vector128.Load(literals).Store(next);
            return next + length;
        }

        return WriteLongLiterals(literals, length, next, end);
    }

    private static byte* WriteLongLiterals(byte* literals, int length, byte* next, byte* end)
    {
        if (end - next < length + (length / 255) + 2)
        {
            return null;
        }

        if (length <= 3)
        {
            next[-2] |= (byte)length;
        }
        else if (length <= 18)
        {
            *next++ = (byte)(length - 3);
        }
        else
        {
            *next++ = 0;
            next = WriteLength(length - 18, next);
        }

        Unsafe.CopyBlockUnaligned(next, literals, (uint)length);
        return next + length;
    }

    private static byte* WriteLength(int length, byte* next)
    {
        for (; length > 255; length -= 255)
        {
            *next++ = 0;
        }

        *next++ = (byte)length;
        return next;
    }

    /// <summary>Writes a match; null when it does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteMatch(int length, int distance, byte* next, byte* end)
    {
        if (end - next < RoomOfAnyMatch && end - next < (length / 255) + 4)
        {
            return null;
        }

        if (length <= 8 && distance <= ShortDistance)
        {
            distance--;
            next[0] = (byte)(((length - 1) << 5) | ((distance & 7) << 2));
            next[1] = (byte)(distance >> 3);
            return next + 2;
        }

        int marker;
        int longest;
        if (distance <= MiddleDistance)
        {
            distance--;
            (marker, longest) = (32, 33);
        }
        else
        {
            distance -= MiddleDistance;
            (marker, longest) = (16 | ((distance >> 11) & 8), 9);
        }

        if (length <= longest)
        {
            *next++ = (byte)(marker | (length - 2));
        }
        else
        {
            *next++ = (byte)marker;
            next = WriteLength(length - longest, next);
        }

        next[0] = (byte)(distance << 2);
        next[1] = (byte)(distance >> 6);
        return next + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MatchLength(byte* position, byte* earlier, byte* searchEnd)
    {
        // Safety: position is below searchEnd, which is Tail bytes before the end of the chunk; the loop reads at most
        // 16 bytes beyond searchEnd, and earlier lies below position.
        byte* start = position;
        position += MinMatch;
        earlier += MinMatch;
        ulong difference = *(ulong*)position ^ *(ulong*)earlier;
        while (difference == 0)
        {
            position += 8;
            earlier += 8;
            difference = *(ulong*)position ^ *(ulong*)earlier;
            if (position >= searchEnd)
            {
                return (int)(position - start);
            }
        }

        return (int)(position - start) + (BitOperations.TrailingZeroCount(difference) >> 3);
    }

    /// <summary>
    /// Compresses one chunk; what is left at its end without a match is added to <paramref name="literals"/>. Returns
    /// where to go on writing; null when the result does not fit.
    /// </summary>
    private static byte* CompressChunk(
        byte* chunk, int length, byte* next, byte* end, ushort* table, ref int literals)
    {
        byte* searchEnd = chunk + length - Tail;
        byte* firstLiteral = chunk - literals;
        byte* stepsFrom = chunk;
        byte* position = chunk + Math.Max(0, 4 - literals);
        while (true)
        {
            // The longer nothing matched, the larger the steps.
            position += 1 + ((position - stepsFrom) >> 5);
            while (true)
            {
                if (position >= searchEnd)
                {
                    literals = (int)(chunk + length - firstLiteral);
                    return next;
                }

                uint word = *(uint*)position;

                // Safety: the product is shifted down to TableBits bits, and the table has an entry for each.
                ushort* entry = table + ((word * 0x1824429du) >> (32 - TableBits));
                byte* earlier = chunk + *entry;
                *entry = (ushort)(position - chunk);
                if (word != *(uint*)earlier)
                {
                    break;
                }

                if (position > firstLiteral
                    && (next = WriteLiterals(firstLiteral, (int)(position - firstLiteral), next, end)) is null)
                {
                    return null;
                }

                int matched = MatchLength(position, earlier, searchEnd);
                next = WriteMatch(matched, (int)(position - earlier), next, end);
                if (next is null)
                {
                    return null;
                }

                position += matched;
                firstLiteral = position;
                stepsFrom = position;
            }
        }
    }
}
