using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>How a table of finite state entropy codes its symbols (RFC 8878, 4.1).</summary>
/// <remarks>
/// A state is a number of [size, 2*size). To code a symbol, (state + DeltaBits[symbol]) >> 16 low bits of the state go
/// out, and the rest of it plus DeltaState[symbol] is the place in NextState of the state to go on with.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
[SkipLocalsInit]
internal unsafe struct FseTable
{
    internal const int MaxLog = 8;
    internal const int MaxSymbols = 64;

    /// <summary>For each state of a table of 32 without rare symbols, which step of the walk comes to it.</summary>
    private static ReadOnlySpan<byte> Walk32 =>
    [
        0, 7, 14, 21, 28, 3, 10, 17, 24, 31, 6, 13, 20, 27, 2, 9, 16, 23, 30, 5, 12, 19, 26, 1, 8, 15, 22, 29, 4, 11,
        18, 25,
    ];

    /// <inheritdoc cref="Walk32"/>
    private static ReadOnlySpan<byte> Walk64 =>
    [
        0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60, 63, 2, 5, 8, 11, 14, 17, 20,
        23, 26, 29, 32, 35, 38, 41, 44, 47, 50, 53, 56, 59, 62, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40,
        43, 46, 49, 52, 55, 58, 61,
    ];

    internal fixed ushort NextState[1 << MaxLog];
    internal fixed ulong Steps[MaxSymbols];
    internal fixed short Shares[MaxSymbols];
    internal int Log;

    /// <summary>Builds the table of <see cref="Shares"/>, which add up to 1 &lt;&lt; log (-1: less than one).</summary>
    /// <param name="table">The table.</param>
    /// <param name="present">The symbols that have a share, ascending.</param>
    /// <param name="count">How many these are.</param>
    /// <param name="log">The table's size, as a power of two.</param>
    internal static void Build(FseTable* table, byte* present, int count, int log)
    {
        int size = 1 << log;
        int mask = size - 1;
        int step = (size >> 1) + (size >> 3) + 3;
        byte* next = stackalloc byte[(1 << MaxLog) + 8];
        byte* symbolOf = stackalloc byte[1 << MaxLog];
        ushort* place = stackalloc ushort[MaxSymbols];
        table->Log = log;

        // Safety: the shares add up to size, so all places lie below it; symbols are below MaxSymbols.
        int free = size - 1;
        int total = 0;
        int laid = 0;
        for (int i = 0; i < count; i++)
        {
            int symbol = present[i];
            int share = table->Shares[symbol];
            if (share < 0)
            {
                symbolOf[free--] = (byte)symbol;
                share = 1;
            }
            else
            {
                ulong eight = (uint)symbol * 0x0101010101010101ul;
                *(ulong*)(next + laid) = eight;
                for (int more = 8; more < share; more += 8)
                {
                    *(ulong*)(next + laid + more) = eight;
                }

                laid += share;
            }

            int most = log - BitOperations.Log2((uint)(share - 1));
            table->Steps[symbol] = Step((most << 16) - (share << most), total - share);
            place[symbol] = (ushort)total;
            total += share;
        }

        // Each step of the walk over the table takes the next symbol, skipping the places at its end.
        ReadOnlySpan<byte> walk = free == size - 1 ? log == 6 ? Walk64 : log == 5 ? Walk32 : [] : [];
        if (walk.Length != 0)
        {
            ref byte turn = ref MemoryMarshal.GetReference(walk);
            for (int state = 0; state < size; state++)
            {
                table->NextState[place[next[Unsafe.Add(ref turn, state)]]++] = (ushort)(size + state);
            }

            return;
        }

        int at = 0;
        for (int i = 0; i < laid; i++)
        {
            symbolOf[at] = next[i];
            at = (at + step) & mask;
            while (at > free)
            {
                at = (at + step) & mask;
            }
        }

        for (int state = 0; state < size; state++)
        {
            table->NextState[place[symbolOf[state]]++] = (ushort)(size + state);
        }
    }

    /// <summary>The state to begin with, so that the first symbol costs nothing.</summary>
    internal static uint Begin(FseTable* table, int symbol)
    {
        // Safety: the symbol has a share of the table.
        ulong step = table->Steps[symbol];
        int bits = (int)(((uint)step + (1 << 15)) >> 16);
        uint value = ((uint)bits << 16) - (uint)step;
        return table->NextState[(value >> bits) + ((long)step >> 32)];
    }

    /// <summary>A table of one symbol, which takes no bits.</summary>
    internal static void BuildSingle(FseTable* table, int symbol)
    {
        // Safety: the symbol is below MaxSymbols.
        table->Log = 0;
        table->Steps[symbol] = 0;
        table->NextState[0] = 1;
        table->NextState[1] = 1;
    }

    private static ulong Step(int deltaBits, int deltaState) => (uint)deltaBits | ((ulong)(uint)deltaState << 32);
}
