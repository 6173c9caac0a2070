using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Finds what a block repeats: one probe a position, greedy, the last offset first.</summary>
[SkipLocalsInit]
internal static unsafe class ZstdMatches
{
    private const int MinMatch = 4;
    private const int Tail = 9; // the search reads eight bytes at the position after the one it is at

    /// <summary>Cuts a block into sequences and literals.</summary>
    /// <returns>The number of sequences.</returns>
    internal static int Find(ZstdWorkspace* work, byte* source, int length)
    {
        // A place that nothing was written to stands for the block's start, which is as good a candidate as any.
        ushort* table = work->Positions;
        PositionTable.Clear(new Span<ushort>(table, 1 << ZstdWorkspace.HashBits));
        ulong* sequences = work->Sequences;
        byte* literals = work->Literals;
        byte* end = source + length;
        byte* limit = end - Tail;
        byte* anchor = source;
        byte* at = source + 1;
        uint last = 1;
        uint second = 4;
        uint third = 8;

        // Safety: at stays below limit where words are read; matches lie before at; each sequence takes at least
        // MinMatch bytes of the block, so that the sequences fit; literals are bytes of the block.
        while (at < limit)
        {
            byte* match;
            at = Search(table, source, at, limit, anchor, last, &match);
            if (match == null)
            {
                break;
            }

            byte* matchEnd = End(*(ulong*)at ^ *(ulong*)match, at, match, end);
            while (at > anchor && match > source && at[-1] == match[-1])
            {
                at--;
                match--;
            }

            uint offset = (uint)(at - match);
            uint run = (uint)(at - anchor);
            uint value;
            if (run != 0 && offset == last)
            {
                value = 1;
            }
            else if (offset == second)
            {
                value = run != 0 ? 2u : 1u;
                second = last;
                last = offset;
            }
            else
            {
                value = offset == third ? (run != 0 ? 3u : 2u) : offset + 3;
                third = second;
                second = last;
                last = offset;
            }

            CopyLiterals(literals, anchor, run, limit);
            literals += run;
            *sequences++ = run | ((ulong)(matchEnd - at - 3) << 16) | ((ulong)value << 32);
            byte* begin = at;
            at = matchEnd;
            anchor = at;
            if (at >= limit)
            {
                break;
            }

            table[Hash(*(ulong*)(begin + 2))] = (ushort)(begin + 2 - source);
            table[Hash(*(ulong*)(at - 2))] = (ushort)(at - 2 - source);

            // In rows of like structures the next match is mostly of the last two offsets, one or two bytes on.
            while (at < limit)
            {
                ulong difference = *(ulong*)at ^ *(ulong*)(at - second);
                if ((uint)difference == 0)
                {
                    matchEnd = End(difference, at, at - second, end);
                    (last, second) = (second, last);
                    table[Hash(*(ulong*)at)] = (ushort)(at - source);
                    *sequences++ = ((ulong)(matchEnd - at - 3) << 16) | (1ul << 32);
                    at = matchEnd;
                    anchor = at;
                    continue;
                }

                difference = *(ulong*)at ^ *(ulong*)(at - last);
                int one = (difference & 0xff_ffff_ff00) == 0 ? 1 : 0;
                int two = (difference & 0xffff_ffff_0000) == 0 ? 1 : 0;
                if ((one | two) == 0)
                {
                    break;
                }

                int few = 2 - one;
                *(ushort*)literals = *(ushort*)at;
                literals += few;
                table[Hash(*(ulong*)at)] = (ushort)(at - source);
                at += few;
                difference >>= 8 * few;
                matchEnd = difference != 0
                    ? at + (BitOperations.TrailingZeroCount(difference) >> 3)
                    : Extend(at + 8 - few, at + 8 - few - last, end);
                *sequences++ = (uint)few | ((ulong)(matchEnd - at - 3) << 16) | (1ul << 32);
                at = matchEnd;
                anchor = at;
            }
        }

        uint rest = (uint)(end - anchor);
        Unsafe.CopyBlockUnaligned(literals, anchor, rest);
        work->LiteralCount = (int)(literals + rest - work->Literals);
        return (int)(sequences - work->Sequences);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLiterals(byte* to, byte* from, uint count, byte* limit)
    {
        // Safety: sixteen bytes are there to be read there, and the literals have slack behind them.
        if (from <= limit - (16 - Tail))
        {
            Vector128.Store(Vector128.Load(from), to);
            if (count > 16)
            {
                Unsafe.CopyBlockUnaligned(to + 16, from + 16, count - 16);
            }
        }
        else
        {
            Unsafe.CopyBlockUnaligned(to, from, count);
        }
    }

    /// <summary>Goes on until four bytes are those at the last offset or at the place their hash was last seen.</summary>
    /// <returns>Where a match begins; the earlier place is null when there is none before the limit.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* Search(
        ushort* table, byte* source, byte* at, byte* limit, byte* anchor, nuint last, byte** match)
    {
        // Safety: as in Find, whose loop this is; apart from it the registers suffice.
        do
        {
            ulong word = *(ulong*)at;
            uint hash = Hash(word);
            byte* earlier = source + table[hash];
            table[hash] = (ushort)(at - source);
            if ((uint)(word >> 8) == *(uint*)(at + 1 - last))
            {
                *match = at + 1 - last;
                return at + 1;
            }

            if ((uint)word == *(uint*)earlier)
            {
                *match = earlier;
                return at;
            }

            at += 1 + ((at - anchor) >> 7);
        }
        while (at < limit);

        *match = null;
        return at;
    }

    /// <summary>Where a match ends, of whose first eight bytes the difference is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* End(ulong difference, byte* at, byte* match, byte* end) =>
        difference != 0 ? at + (BitOperations.TrailingZeroCount(difference) >> 3) : Extend(at + 8, match + 8, end);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ulong word) => (uint)((word * 0xcf1bbcdcbb000000ul) >> (64 - ZstdWorkspace.HashBits));

    private static byte* Extend(byte* at, byte* match, byte* end)
    {
        // Safety: match lies before at, and nothing is read at or beyond end.
        while (at <= end - 8)
        {
            ulong difference = *(ulong*)at ^ *(ulong*)match;
            if (difference != 0)
            {
                return at + (BitOperations.TrailingZeroCount(difference) >> 3);
            }

            at += 8;
            match += 8;
        }

        while (at < end && *at == *match)
        {
            at++;
            match++;
        }

        return at;
    }
}
