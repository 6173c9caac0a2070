using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Turns counts of symbols into shares of a table, and writes them (RFC 8878, 4.1.1).</summary>
[SkipLocalsInit]
internal static unsafe class FseShares
{
    /// <summary>Lists the symbols that occur.</summary>
    /// <returns>How many they are.</returns>
    internal static int List(ushort* counts, int symbols, byte* present)
    {
        // Safety: counts and present have room for symbols entries.
        int count = 0;
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            present[count] = (byte)symbol;
            count += (int)((uint)-counts[symbol] >> 31);
        }

        return count;
    }

    /// <summary>Gives each symbol that occurs its share of the table, at least one; their sum is 1 &lt;&lt; log.</summary>
    internal static void Fill(ushort* counts, byte* present, int count, int total, int log, short* shares)
    {
        ulong scale = (1ul << (32 + log)) / (uint)total;
        int left = 1 << log;
        int largest = 0;

        // Safety: counts and shares have room for all symbols.
        new Span<short>(shares, FseTable.MaxSymbols).Clear();
        for (int i = 0; i < count; i++)
        {
            int symbol = present[i];
            int share = (int)(((counts[symbol] * scale) + (1u << 31)) >> 32);
            share += (int)((uint)(share - 1) >> 31);
            shares[symbol] = (short)share;
            left -= share;
            largest = Math.Max(largest, (share << 8) | symbol);
        }

        largest = (byte)largest;
        if (left >= 0 || -left < shares[largest] >> 2)
        {
            shares[largest] += (short)left;
            return;
        }

        // Many rare symbols: those with more than one give one each until the sum is right.
        while (left < 0)
        {
            for (int i = 0; i < count && left < 0; i++)
            {
                if (shares[present[i]] > 1)
                {
                    shares[present[i]]--;
                    left++;
                }
            }
        }
    }

    /// <summary>Writes the shares; the last of them is not zero.</summary>
    /// <returns>Where what is written ends; up to eight bytes more are touched.</returns>
    internal static byte* Write(short* shares, int log, byte* to)
    {
        ulong bits = (uint)(log - 5);
        int count = 4;
        int left = (1 << log) + 1;
        int threshold = 1 << log;
        int width = log + 1;
        int symbol = 0;

        // Safety: the loop ends when the shares add up, which they do at the last symbol.
        while (left > 1)
        {
            int share = shares[symbol++];
            int most = (2 * threshold) - 1 - left;
            left -= Math.Abs(share);
            int value = share + 1;
            if (value >= threshold)
            {
                value += most;
            }

            bits |= (ulong)(uint)value << count;
            count += width - (value < most ? 1 : 0);
            if (share == 0)
            {
                int first = symbol;
                while (shares[symbol] == 0)
                {
                    symbol++;
                }

                int zeros = symbol - first;
                for (; zeros >= 3; zeros -= 3)
                {
                    bits |= 3ul << count;
                    count += 2;
                    if (count > 32)
                    {
                        Flush(ref to, ref bits, ref count);
                    }
                }

                bits |= (ulong)(uint)zeros << count;
                count += 2;
            }

            width = BitOperations.Log2((uint)left) + 1;
            threshold = 1 << (width - 1);

            if (count > 32)
            {
                Flush(ref to, ref bits, ref count);
            }
        }

        *(ulong*)to = bits;
        return to + ((count + 7) >> 3);
    }

    private static void Flush(ref byte* to, ref ulong bits, ref int count)
    {
        // Safety: the caller has eight bytes of room.
        *(ulong*)to = bits;
        to += count >> 3;
        bits >>= count & ~7;
        count &= 7;
    }
}
