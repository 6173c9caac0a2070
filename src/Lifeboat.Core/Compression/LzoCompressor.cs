using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks into LZO1X streams: one probe a position, greedy matches.</summary>
/// <remarks>
/// <para><b>Format.</b> Instructions of literal runs and matches as the kernel's Documentation/staging/lzo.rst has them;
/// see <see cref="LzoDecompressor"/>.</para>
/// <para><b>Search.</b> What makes this faster than LZO1X-1, and its output smaller: the byte before the end of a match
/// is entered, where the next match often begins; a step is taken from the position before, so that probes do not wait
/// for each other; matches go on to the end of the block.</para>
/// <para><b>Hot path.</b> Nothing is allocated. The table is small, as it is cleared for each block; entries that tell
/// old from new, which need no clearing, cost more than that.</para>
/// <para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para>
/// </remarks>
public sealed unsafe class LzoCompressor
{
    private const int TableBits = 12;
    private const ulong HashFactor = 0x9e3779b185ebca87ul << 32; // the shift drops all but four bytes of eight
    private const int MaxChunk = 16 << 10; // so that no distance within a chunk is beyond the middle ones
    private const int Tail = 16; // matches begin before the last bytes: the search may read ahead without a check
    private const int MinMatch = 4;
    private const int ShortDistance = 0x800;
    private const int CopySize = 16;
    private const int EndLength = 3;
    private const int RoomOfAnyStep = 1 + CopySize + (MaxChunk / 255) + 4;

    private readonly ushort[] _table = new ushort[1 << TableBits];

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>
    /// The bytes written, or 0 when the result does not fit. So near to the end of the target that the next step might go
    /// beyond it, no more matches are looked for: a result that fits with less than 85 bytes to spare may count as one
    /// that does not.
    /// </returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Safety: all pointers below are into these three, which stay where they are until the end of the block.
        fixed (byte* from = source, to = target)
        fixed (ushort* table = _table)
        {
            byte* end = to + target.Length;
            byte* next = to;
            nint literals = 0;
            for (int done = 0; done < source.Length; done += MaxChunk)
            {
                int length = Math.Min(source.Length - done, MaxChunk);
                PositionTable.Clear(_table);
                next = CompressChunk(from + done, length, next, end, table, ref literals);
            }

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

    /// <summary>
    /// Compresses one chunk; what is left at its end without a match is added to <paramref name="literals"/>. Returns
    /// where to go on writing.
    /// </summary>
    private static byte* CompressChunk(
        byte* chunk, nint length, byte* next, byte* end, ushort* table, ref nint literals)
    {
        nint lastPosition = length - Tail;
        nint firstLiteral = -literals;

        // A run of less than four rides in the match before, which the first has not.
        nint position = Math.Max(1, firstLiteral + 4);
        while (position <= lastPosition && end - next >= RoomOfAnyStep)
        {
            // Safety: a hash has TableBits bits, and the table has an entry for each; eight bytes from the last position
            // lie within the chunk; entries are 0 or positions before this one.
            table[(*(ulong*)(chunk + position - 1) * HashFactor) >> (64 - TableBits)] = (ushort)(position - 1);
            nint earlier = 0;
            nint step = 1;
            while (position <= lastPosition)
            {
                ushort* entry = table + ((*(ulong*)(chunk + position) * HashFactor) >> (64 - TableBits));
                earlier = *entry;
                *entry = (ushort)position;
                if (*(uint*)(chunk + position) == *(uint*)(chunk + earlier))
                {
                    break;
                }

                // The longer nothing matched, the larger the steps. Each is taken from the position before, so that a
                // probe waits for one addition only.
                nint passed = position - firstLiteral;
                position += step;
                step = 1 + (passed >> 5);
            }

            nint run = position - firstLiteral;
            if (position > lastPosition || (run > CopySize && end - next - RoomOfAnyStep < run + (run >> 7)))
            {
                break;
            }

            next = WriteLiterals(chunk + firstLiteral, run, next);
            nint matchEnd = MatchEnd(chunk, position, earlier, length);
            next = WriteMatch(matchEnd - position, position - earlier, next);
            position = matchEnd;
            firstLiteral = position;
        }

        literals = length - firstLiteral;
        return next;
    }

    /// <summary>Writes the literals before a match, for which there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLiterals(byte* literals, nint length, byte* next)
    {
        // Safety: copies may go on for up to CopySize bytes beyond the run: it ends Tail bytes or more before the end of
        // the source, and RoomOfAnyStep has them.
        if (length == 0)
        {
            return next;
        }

        if (length <= 3)
        {
            // Up to three ride in the two low bits of the match before.
            next[-2] |= (byte)length;
            *(uint*)next = *(uint*)literals;
            return next + length;
        }

        if (length <= CopySize)
        {
            *next = (byte)(length - 3);
            Vector128.Load(literals).Store(next + 1);
            return next + 1 + length;
        }

        next = WriteRunLength(length, next);
        nint copied = 0;
        do
        {
            Vector128.Load(literals + copied).Store(next + copied);
            copied += CopySize;
        }
        while (copied < length);
        return next + length;
    }

    /// <summary>Writes what the source ends with; null when it does not fit.</summary>
    private static byte* WriteLastLiterals(byte* literals, nint length, byte* next, byte* start, byte* end)
    {
        const int MaxFirstRun = 238;
        if (end - next < length + (length / 255) + 2)
        {
            return null;
        }

        if (next == start && length <= MaxFirstRun)
        {
            *next++ = (byte)(17 + length);
        }
        else if (length <= 3)
        {
            next[-2] |= (byte)length;
        }
        else
        {
            next = WriteRunLength(length, next);
        }

        Unsafe.CopyBlockUnaligned(next, literals, (uint)length);
        return next + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteRunLength(nint length, byte* next)
    {
        if (length <= 18)
        {
            *next = (byte)(length - 3);
            return next + 1;
        }

        *next = 0;
        return WriteLength(length - 18, next + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLength(nint length, byte* next)
    {
        for (; length > 255; length -= 255)
        {
            *next++ = 0;
        }

        *next = (byte)length;
        return next + 1;
    }

    /// <summary>Writes a match, for which there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteMatch(nint length, nint distance, byte* next)
    {
        const int LongestWithoutMore = 33;
        distance--;
        if (length <= 8 && distance < ShortDistance)
        {
            *(ushort*)next = (ushort)(((length - 1) << 5) | ((distance & 7) << 2) | ((distance >> 3) << 8));
            return next + 2;
        }

        if (length <= LongestWithoutMore)
        {
            *next = (byte)(32 | (length - 2));
            next++;
        }
        else
        {
            *next = 32;
            next = WriteLength(length - LongestWithoutMore, next + 1);
        }

        *(ushort*)next = (ushort)(distance << 2);
        return next + 2;
    }

    /// <summary>Returns where a match ends: it has MinMatch bytes, and goes on for as long as the bytes agree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint MatchEnd(byte* chunk, nint position, nint earlier, nint end)
    {
        // Safety: a match begins Tail bytes or more before the end; earlier lies below position.
        ulong difference = *(ulong*)(chunk + position + MinMatch) ^ *(ulong*)(chunk + earlier + MinMatch);
        position += MinMatch;
        if (difference != 0)
        {
            return position + (nint)((uint)BitOperations.TrailingZeroCount(difference) >> 3);
        }

        earlier += MinMatch;
        do
        {
            position += sizeof(ulong);
            earlier += sizeof(ulong);
            if (position > end - sizeof(ulong))
            {
                for (; position < end && chunk[position] == chunk[earlier]; position++)
                {
                    earlier++;
                }

                return position;
            }

            difference = *(ulong*)(chunk + position) ^ *(ulong*)(chunk + earlier);
        }
        while (difference == 0);
        return position + (nint)((uint)BitOperations.TrailingZeroCount(difference) >> 3);
    }
}
