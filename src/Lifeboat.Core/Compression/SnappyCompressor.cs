using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks into raw Snappy (Snappy's format_description.txt): one probe a position.</summary>
/// <remarks>
/// <para><b>Hot path.</b> Nothing is allocated; the table of positions is cleared for each block, and of it no more is
/// used than four entries a position: that of a page stays in the first-level cache.</para>
/// <para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para>
/// </remarks>
public sealed unsafe class SnappyCompressor
{
    private const int MinTableBits = 8;
    private const int MaxTableBits = 14;
    private const int MaxFragment = 1 << 15;
    private const int RoomOfAnyMatch = (MaxFragment / 60 * 3) + 3;
    private const int Tail = 16; // the search and short copies read ahead without a check

    private readonly ushort[] _table = new ushort[1 << MaxTableBits];

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (target.Length < 5)
        {
            return 0;
        }

        // Safety: all pointers below are into these three, which stay where they are until the end of the block.
        fixed (byte* from = source, to = target)
        fixed (ushort* table = _table)
        {
            byte* next = to;
            byte* end = to + target.Length;
            uint length = (uint)source.Length;
            for (; length >= 0x80; length >>= 7)
            {
                *next++ = (byte)(length | 0x80);
            }

            *next++ = (byte)length;
            for (int done = 0; done < source.Length && next is not null; done += MaxFragment)
            {
                int count = Math.Min(MaxFragment, source.Length - done);
                int bits = Math.Clamp(34 - BitOperations.LeadingZeroCount((uint)count), MinTableBits, MaxTableBits);
                PositionTable.Clear(_table.AsSpan(0, 1 << bits));
                next = CompressFragment(from + done, count, next, end, table, 32 - bits);
            }

            return next is null ? 0 : (int)(next - to);
        }
    }

    /// <summary>Writes a literal; null when it does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLiteral(byte* literal, int length, byte* next, byte* end)
    {
        // Safety: a short literal lies at least Tail bytes before the end of the fragment, but the last one's.
        if (length <= 16 && end - next >= 32)
        {
            *next++ = (byte)((length - 1) << 2);
            Vector128.Load(literal).Store(next);
            return next + length;
        }

        return WriteLongLiteral(literal, length, next, end);
    }

    private static byte* WriteLongLiteral(byte* literal, int length, byte* next, byte* end)
    {
        if (end - next < length + 3)
        {
            return null;
        }

        int coded = length - 1;
        if (coded < 60)
        {
            *next++ = (byte)(coded << 2);
        }
        else if (coded < 256)
        {
            *next++ = 60 << 2;
            *next++ = (byte)coded;
        }
        else
        {
            *next++ = 61 << 2;
            *next++ = (byte)coded;
            *next++ = (byte)(coded >> 8);
        }

        Unsafe.CopyBlockUnaligned(next, literal, (uint)length);
        return next + length;
    }

    /// <summary>Writes a match; null when it does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteMatch(int distance, int length, byte* next, byte* end)
    {
        // A copy has at most 64 bytes, and the last should not be too short to be a short copy.
        if (end - next < RoomOfAnyMatch && end - next < ((length / 60) * 3) + 3)
        {
            return null;
        }

        for (; length >= 68; length -= 64)
        {
            next = WriteFarCopy(distance, 64, next);
        }

        if (length > 64)
        {
            next = WriteFarCopy(distance, 60, next);
            length -= 60;
        }

        if (length < 12 && distance < 2048)
        {
            next[0] = (byte)(1 | ((length - 4) << 2) | ((distance >> 8) << 5));
            next[1] = (byte)distance;
            return next + 2;
        }

        return WriteFarCopy(distance, length, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteFarCopy(int distance, int length, byte* next)
    {
        next[0] = (byte)(2 | ((length - 1) << 2));
        next[1] = (byte)distance;
        next[2] = (byte)(distance >> 8);
        return next + 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MatchLength(byte* position, byte* earlier, byte* end)
    {
        byte* start = position;
        position += 4;
        earlier += 4;

        // Safety: both loads end at or before the end of the fragment; earlier lies below position.
        while (position + 8 <= end)
        {
            ulong difference = *(ulong*)position ^ *(ulong*)earlier;
            if (difference != 0)
            {
                return (int)(position - start) + (BitOperations.TrailingZeroCount(difference) >> 3);
            }

            position += 8;
            earlier += 8;
        }

        while (position < end && *position == *earlier)
        {
            position++;
            earlier++;
        }

        return (int)(position - start);
    }

    private static byte* CompressFragment(
        byte* fragment, int length, byte* next, byte* end, ushort* table, int shift)
    {
        byte* fragmentEnd = fragment + length;
        byte* searchEnd = fragmentEnd - Tail;
        byte* firstLiteral = fragment;
        byte* position = fragment + 1;
        int misses = 32;
        while (position < searchEnd)
        {
            uint word = *(uint*)position;

            // Safety: a hash has as many bits as are left after the shift, at most MaxTableBits.
            ushort* entry = table + ((word * 0x1e35a7bdu) >> shift);
            byte* earlier = fragment + *entry;
            *entry = (ushort)(position - fragment);
            if (word != *(uint*)earlier)
            {
                // The longer nothing matched, the larger the steps.
                position += misses++ >> 5;
                continue;
            }

            if (position > firstLiteral
                && (next = WriteLiteral(firstLiteral, (int)(position - firstLiteral), next, end)) is null)
            {
                return null;
            }

            int matched = MatchLength(position, earlier, fragmentEnd);
            next = WriteMatch((int)(position - earlier), matched, next, end);
            if (next is null)
            {
                return null;
            }

            position += matched;
            firstLiteral = position;
            misses = 32;
            if (position < searchEnd)
            {
                // The byte before a match's end is often where the next one begins.
                table[(*(uint*)(position - 1) * 0x1e35a7bdu) >> shift] = (ushort)(position - 1 - fragment);
            }
        }

        return firstLiteral == fragmentEnd
            ? next : WriteLongLiteral(firstLiteral, (int)(fragmentEnd - firstLiteral), next, end);
    }
}
