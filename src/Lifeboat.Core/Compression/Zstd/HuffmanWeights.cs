using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Writes the weights of a Huffman code (RFC 8878, 4.2.1).</summary>
[SkipLocalsInit]
internal static unsafe class HuffmanWeights
{
    private const int MaxDirect = 128;
    private const int Symbols = HuffmanCode.MaxBits + 2;

    /// <summary>Writes the weights of all bytes but the last, packed or four bits each, whichever is shorter.</summary>
    /// <returns>Where they end, or null when there is no way to write them.</returns>
    internal static byte* Write(ZstdWorkspace* work, byte* to)
    {
        // Safety: there are fewer than 256 weights, the packed form takes no more than 300 bytes, and the workspace
        // has as many beyond the literals.
        int weights = work->ByteLimit - 1;
        byte* end = WritePacked(work, weights, to + 1);
        long size = end - to - 1;
        if (end != null && size < 128 && size <= (weights + 1) / 2)
        {
            to[0] = (byte)size;
            return end;
        }

        if (weights > MaxDirect)
        {
            return null;
        }

        to[0] = (byte)(127 + weights);
        work->Weights[weights] = 0;
        for (int i = 0; i < weights; i += 2)
        {
            to[1 + (i / 2)] = (byte)((work->Weights[i] << 4) | work->Weights[i + 1]);
        }

        return to + 1 + ((weights + 1) / 2);
    }

    private static byte* WritePacked(ZstdWorkspace* work, int weights, byte* to)
    {
        ushort* counts = stackalloc ushort[Symbols];
        int longest = work->LongestCode;
        int present = 0;
        for (int length = longest; length > 0; length--)
        {
            counts[longest + 1 - length] = work->CodesOfLength[length];
            present += work->CodesOfLength[length];
        }

        counts[0] = (ushort)(weights + 1 - present);
        counts[work->Weights[weights]]--;
        int symbols = longest + 1;
        while (counts[symbols - 1] == 0)
        {
            symbols--;
        }

        for (int i = 0; i < symbols; i++)
        {
            if (counts[i] == weights)
            {
                return null; // one weight only: a table cannot say so
            }
        }

        const int log = 5;
        FseTable* table = &work->WeightStates;
        byte* kinds = stackalloc byte[Symbols];
        int kindCount = FseShares.List(counts, symbols, kinds);
        FseShares.Fill(counts, kinds, kindCount, weights, log, table->Shares);
        to = FseShares.Write(table->Shares, log, to);
        FseTable.Build(table, kinds, kindCount, log);

        // Two states take turns; the reader begins with the first, so the writer ends with it.
        byte* at = work->Weights;
        int left = weights - 1;
        uint odd;
        uint even;
        if ((weights & 1) != 0)
        {
            even = FseTable.Begin(table, at[left--]);
            odd = FseTable.Begin(table, at[left--]);
        }
        else
        {
            odd = FseTable.Begin(table, at[left--]);
            even = FseTable.Begin(table, at[left--]);
        }

        ulong word = 0;
        int bits = 0;
        if ((weights & 1) != 0 && left >= 0)
        {
            Put(table, ref even, at[left--], ref word, ref bits);
        }

        for (; left > 0; left -= 2)
        {
            Put(table, ref odd, at[left], ref word, ref bits);
            Put(table, ref even, at[left - 1], ref word, ref bits);
            *(ulong*)to = word >> (64 - bits);
            to += bits >> 3;
            bits &= 7;
        }

        word = (word >> log) | ((ulong)odd << (64 - log));
        word = (word >> log) | ((ulong)even << (64 - log));
        word = (word >> 1) | (1ul << 63);
        bits += log + log + 1;
        *(ulong*)to = word >> (64 - bits);
        return to + ((bits + 7) >> 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(FseTable* table, ref uint state, int symbol, ref ulong word, ref int bits)
    {
        ulong step = table->Steps[symbol];
        int some = (int)((state + (uint)step) >> 16);
        word = (word >> some) | (((ulong)state << 1) << ~some);
        bits += some;
        state = table->NextState[(state >> some) + ((long)step >> 32)];
    }
}
