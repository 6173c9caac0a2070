using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Builds the code of the literals (RFC 8878, 4.2), no code longer than a limit.</summary>
[SkipLocalsInit]
internal static unsafe class HuffmanCode
{
    /// <summary>The longest code that the format knows.</summary>
    internal const int MaxBits = 11;

    /// <summary>Makes codes and weights of what <see cref="ZstdWorkspace.Counts"/> counts: two bytes or more.</summary>
    /// <returns>How many bits all the literals take.</returns>
    internal static int Build(ZstdWorkspace* work, int literals)
    {
        // Safety: the arrays have an entry for each of 256 bytes or for each length.
        HuffmanLengths* lengths = &work->CodeLengths;
        HuffmanLengths.List(lengths, work->Counts);
        int count = lengths->Count;
        int longest = HuffmanLengths.Choose(lengths, LimitFor(literals, count));
        work->ByteLimit = lengths->Present[count - 1] + 1;
        work->LongestCode = longest;

        ulong* next = stackalloc ulong[MaxBits + 1];
        uint first = 0;
        for (int length = longest; length > 0; length--)
        {
            uint many = lengths->Codes[length];
            work->CodesOfLength[length] = (ushort)many;
            next[length] = ((ulong)first << (64 - length)) | (uint)length;
            first = (first + many) >> 1;
        }

        new Span<byte>(work->Weights, 256).Clear();
        int total = 0;
        for (int i = 0; i < count; i++)
        {
            int symbol = lengths->Present[i];
            int length = lengths->Lengths[lengths->Kinds[i]];
            work->Weights[symbol] = (byte)(longest + 1 - length);
            total += work->Counts[symbol] * length;
            ulong code = next[length];
            work->Codes[symbol] = code;
            next[length] = code + (1ul << (64 - length));
        }

        return total;
    }

    /// <summary>What a longer code would save is less than what its description costs; as measured, not derived.</summary>
    private static int LimitFor(int literals, int count)
    {
        int limit = Math.Max(BitOperations.Log2((uint)literals * 7) - 4, BitOperations.Log2((uint)count * 5) - 1);
        return Math.Clamp(limit, 5, MaxBits);
    }
}
