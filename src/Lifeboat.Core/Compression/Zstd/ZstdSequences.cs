using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Writes the sequences section of a block (RFC 8878, 3.1.1.3.2).</summary>
[SkipLocalsInit]
internal static unsafe class ZstdSequences
{
    private const int LengthSymbols = 36;
    private const int OffsetSymbols = 32;
    private const int MatchSymbols = 53;

    private static ReadOnlySpan<sbyte> DefaultLengthShares =>
    [
        4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
    ];

    private static ReadOnlySpan<sbyte> DefaultOffsetShares =>
    [
        1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
    ];

    private static ReadOnlySpan<sbyte> DefaultMatchShares =>
    [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ];

    /// <summary>The codes of short literal runs; a longer run's is its highest bit and 19.</summary>
    private static ReadOnlySpan<byte> LengthCodes =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 20, 20, 20, 21, 21,
        21, 21, 22, 22, 22, 22, 22, 22, 22, 22, 23, 23, 23, 23, 23, 23, 23, 23, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24,
        24, 24, 24, 24, 24, 24,
    ];

    /// <summary>The codes of short matches (less 3); a longer one's is its highest bit and 36.</summary>
    private static ReadOnlySpan<byte> MatchCodes =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, 31, 32, 32, 33, 33, 34, 34, 35, 35, 36, 36, 36, 36, 37, 37, 37, 37, 38, 38, 38, 38, 38, 38, 38, 38, 39, 39,
        39, 39, 39, 39, 39, 39, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 41, 41, 41, 41, 41, 41,
        41, 41, 41, 41, 41, 41, 41, 41, 41, 41, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42,
        42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42, 42,
    ];

    /// <summary>Bits that follow the code of a literal length.</summary>
    private static ReadOnlySpan<byte> LengthExtra =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        16,
    ];

    /// <summary>Bits that follow the code of a match length.</summary>
    private static ReadOnlySpan<byte> MatchExtra =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2,
        2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    /// <summary>Builds the tables that every reader knows.</summary>
    internal static void BuildDefaults(ZstdWorkspace* work)
    {
        BuildDefault(&work->DefaultLengths, DefaultLengthShares, 6);
        BuildDefault(&work->DefaultOffsets, DefaultOffsetShares, 5);
        BuildDefault(&work->DefaultMatches, DefaultMatchShares, 6);
    }

    /// <summary>Writes the section; when it would reach the limit, it ends there.</summary>
    /// <returns>Where the section ends, or a place at or beyond the limit.</returns>
    internal static byte* Write(ZstdWorkspace* work, int count, byte* to, byte* limit)
    {
        // Safety: up to the limit and some hundred bytes beyond it are the workspace's.
        if (count < 128)
        {
            *to++ = (byte)count;
        }
        else
        {
            to[0] = (byte)((count >> 8) + 128);
            to[1] = (byte)count;
            to += 2;
        }

        if (count == 0)
        {
            return to;
        }

        Classify(work, count);
        byte* modes = to++;
        FseTable* lengths = &work->DefaultLengths;
        FseTable* offsets = &work->DefaultOffsets;
        FseTable* matches = &work->DefaultMatches;
        int lengthMode = FseChoice.Choose(work->LengthCounts, LengthSymbols, count, ref lengths, &work->Lengths, ref to);
        int offsetMode = FseChoice.Choose(work->OffsetCounts, OffsetSymbols, count, ref offsets, &work->Offsets, ref to);
        int matchMode = FseChoice.Choose(work->MatchCounts, MatchSymbols, count, ref matches, &work->Matches, ref to);
        *modes = (byte)((lengthMode << 6) | (offsetMode << 4) | (matchMode << 2));
        ulong first = Code(work, count, lengths, offsets, matches);
        return WriteStream(work, count, first, to, limit);
    }

    /// <summary>Finds the codes of each sequence, counts them, and gathers the bits that follow them.</summary>
    private static void Classify(ZstdWorkspace* work, int count)
    {
        // Safety: codes are below 64, the entries of each table of counts.
        new Span<ushort>(work->LengthCounts, 3 * 64).Clear();
        ref byte lengthCodes = ref Unsafe.AsRef(in LengthCodes[0]);
        ref byte matchCodes = ref Unsafe.AsRef(in MatchCodes[0]);
        ref byte lengthExtra = ref Unsafe.AsRef(in LengthExtra[0]);
        ref byte matchExtra = ref Unsafe.AsRef(in MatchExtra[0]);
        ushort* lengths = work->LengthCounts;
        ushort* offsets = work->OffsetCounts;
        ushort* matches = work->MatchCounts;
        ulong* codes = work->SequenceCodes;
        ulong* end = work->Sequences + count;
        for (ulong* at = work->Sequences; at < end; at++)
        {
            ulong sequence = *at;
            uint run = (ushort)sequence;
            uint match = (ushort)(sequence >> 16);
            uint value = (uint)(sequence >> 32);
            uint length = run < 64 ? Unsafe.Add(ref lengthCodes, run) : (uint)BitOperations.Log2(run) + 19;
            uint matched = match < 128 ? Unsafe.Add(ref matchCodes, match) : (uint)BitOperations.Log2(match) + 36;
            int offset = BitOperations.Log2(value);
            lengths[length]++;
            offsets[offset]++;
            matches[matched]++;
            *codes++ = length | (matched << 8) | ((uint)offset << 16);
            int bits = Unsafe.Add(ref matchExtra, matched);
            ulong extra = ((ulong)(value ^ (1u << offset)) << bits) | (match & ((1u << bits) - 1));
            bits += offset;
            int few = Unsafe.Add(ref lengthExtra, length);
            extra = (extra << few) | (run & ((1u << few) - 1));
            bits += few;
            *at = (extra << -bits) | (uint)bits;
        }
    }

    /// <summary>Puts the bits of the states in the place of the codes, the last sequence first.</summary>
    /// <returns>The bits that the reader begins with, at the top, and their number at the bottom.</returns>
    private static ulong Code(ZstdWorkspace* work, int count, FseTable* lengths, FseTable* offsets, FseTable* matches)
    {
        // Safety: codes are below the sizes of the tables. Shifts by ~n and one more are shifts by 64 - n, of 0 bits too.
        ulong* at = work->SequenceCodes + count - 1;
        ulong codes = *at;
        *at = 0;
        uint lengthState = FseTable.Begin(lengths, (int)(byte)codes);
        uint offsetState = FseTable.Begin(offsets, (int)(codes >> 16));
        uint matchState = FseTable.Begin(matches, (int)(byte)(codes >> 8));
        ulong word;
        while (at > work->SequenceCodes)
        {
            codes = *--at;
            ulong step = offsets->Steps[codes >> 16];
            int some = (int)((offsetState + (uint)step) >> 16);
            word = ((ulong)offsetState << 1) << ~some;
            int bits = some;
            offsetState = offsets->NextState[(offsetState >> some) + ((long)step >> 32)];

            step = matches->Steps[(byte)(codes >> 8)];
            some = (int)((matchState + (uint)step) >> 16);
            word = (word >> some) | (((ulong)matchState << 1) << ~some);
            bits += some;
            matchState = matches->NextState[(matchState >> some) + ((long)step >> 32)];

            step = lengths->Steps[(byte)codes];
            some = (int)((lengthState + (uint)step) >> 16);
            word = (word >> some) | (((ulong)lengthState << 1) << ~some);
            bits += some;
            lengthState = lengths->NextState[(lengthState >> some) + ((long)step >> 32)];
            *at = word | (uint)bits;
        }

        word = ((ulong)matchState << 1) << ~matches->Log;
        word = (word >> offsets->Log) | (((ulong)offsetState << 1) << ~offsets->Log);
        word = (word >> lengths->Log) | (((ulong)lengthState << 1) << ~lengths->Log);
        return word | (uint)(matches->Log + offsets->Log + lengths->Log);
    }

    /// <summary>Writes the bits of states and sequences, the last sequence first.</summary>
    private static byte* WriteStream(ZstdWorkspace* work, int count, ulong first, byte* to, byte* limit)
    {
        // Safety: before each store, to is below the limit, beyond which there is room for two more.
        // The bits not yet written stand at the top of the word; what goes in moves them down. The numbers at the
        // bottom of what goes in stay below the bits that count, which are never more than 56.
        ulong* states = work->SequenceCodes + count;
        ulong* sequences = work->Sequences + count;
        ulong word = 0;
        int bits = 0;
        while (sequences > work->Sequences)
        {
            ulong next = *--states;
            word = (word >> (int)next) | next;
            bits += (byte)next;
            next = *--sequences;
            if (bits + (byte)next > 56)
            {
                *(ulong*)to = word >> -bits;
                to += bits >> 3;
                bits &= 7;
            }

            word = (word >> (int)next) | next;
            bits += (byte)next;
            *(ulong*)to = word >> -bits;
            to += bits >> 3;
            bits &= 7;
            if (to >= limit)
            {
                return to;
            }
        }

        word = (word >> (int)first) | first;
        word = (word >> 1) | (1ul << 63);
        bits += (byte)first + 1;
        *(ulong*)to = word >> -bits;
        return to + ((bits + 7) >> 3);
    }

    private static void BuildDefault(FseTable* table, ReadOnlySpan<sbyte> shares, int log)
    {
        byte* present = stackalloc byte[FseTable.MaxSymbols];
        for (int i = 0; i < shares.Length; i++)
        {
            present[i] = (byte)i;
            table->Shares[i] = shares[i];
        }

        FseTable.Build(table, present, shares.Length, log);
    }
}
