using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Chooses the table of one kind of code: everyone's, one symbol, or one's own.</summary>
[SkipLocalsInit]
internal static unsafe class FseChoice
{
    private const int Default = 0;
    private const int Single = 1;
    private const int Own = 2;
    private const int SurelyOwn = 256; // with so many, it is
    private const int MinGain = 2; // bytes; less is not worth the time to build a table
    private const int MinOwn = 16; // with fewer codes, what the table's description costs is not won back

    /// <summary>Writes the description of the table it chooses, and leaves that table in <paramref name="table"/>.</summary>
    /// <returns>The mode as the section's header has it.</returns>
    internal static int Choose(ushort* counts, int symbols, int total, ref FseTable* table, FseTable* own, ref byte* to)
    {
        // Safety: counts, shares and tables have room for all symbols.
        while (counts[symbols - 1] == 0)
        {
            symbols--;
        }

        if (counts[symbols - 1] == total && total > 2)
        {
            FseTable.BuildSingle(own, symbols - 1);
            *to++ = (byte)(symbols - 1);
            table = own;
            return Single;
        }

        if (total < MinOwn || counts[symbols - 1] == total)
        {
            return Default;
        }

        int log = total < 80 ? 5 : total < 400 ? 6 : total < 2000 ? 7 : 8;
        log = Math.Max(log, BitOperations.Log2((uint)symbols) + 1);
        byte* present = stackalloc byte[FseTable.MaxSymbols];
        int kinds = FseShares.List(counts, symbols, present);
        FseShares.Fill(counts, present, kinds, total, log, own->Shares);
        byte* end = FseShares.Write(own->Shares, log, to);
        if (total < SurelyOwn)
        {
            long gain = -((end - to + MinGain) << 11);
            for (int i = 0; i < kinds; i++)
            {
                int symbol = present[i];
                gain += counts[symbol] * (Cost(table->Shares[symbol], table->Log) - Cost(own->Shares[symbol], log));
            }

            if (gain <= 0)
            {
                return Default;
            }
        }

        FseTable.Build(own, present, kinds, log);
        table = own;
        to = end;
        return Own;
    }

    /// <summary>What a symbol of so large a share costs, in 256ths of a bit; near enough between powers of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Cost(int share, int log)
    {
        uint size = (uint)Math.Max(share, 1);
        int whole = BitOperations.Log2(size);
        return (log << 8) - (whole << 8) - (int)(((size << 8) >> whole) - 256);
    }
}
