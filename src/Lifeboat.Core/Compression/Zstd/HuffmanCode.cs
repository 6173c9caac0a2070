using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Builds the Huffman code of the literals (RFC 8878, 4.2), no code longer than a limit.</summary>
internal static unsafe class HuffmanCode
{
    /// <summary>The longest code that the format knows.</summary>
    internal const int MaxBits = 11;

    private const int Buckets = 64;
    private const int Deepest = 32; // 65,536 literals make no deeper tree

    /// <summary>Makes codes and weights of what <see cref="ZstdWorkspace.Counts"/> counts: two bytes or more.</summary>
    /// <returns>How many bits all the literals take.</returns>
    internal static int Build(ZstdWorkspace* work, int literals)
    {
        // Safety: all arrays here have an entry for each of 256 leaves, 255 inner nodes or Deepest levels.
        byte* present = stackalloc byte[256];
        uint* leaves = stackalloc uint[256 + 1];
        int* levels = stackalloc int[Deepest + 1];
        int count = ListPresent(work->Counts, present);
        Sort(work->Counts, present, count, leaves);
        CountLevels(leaves, count, levels);
        int longest = Limit(levels, LimitFor(literals, count));
        work->ByteLimit = present[count - 1] + 1;
        work->LongestCode = longest;

        // The less frequent a byte, the longer its code: from the longest to the shortest, as the leaves are sorted.
        new Span<byte>(work->Weights, 256).Clear();
        uint* next = stackalloc uint[MaxBits + 2];
        uint first = 0;
        int leaf = 0;
        int total = 0;
        for (int length = longest; length > 0; length--)
        {
            int many = levels[length];
            work->CodesOfLength[length] = (ushort)many;
            next[length] = first;
            first = (first + (uint)many) >> 1;
            byte weight = (byte)(longest + 1 - length);
            for (; many > 0; many--)
            {
                uint key = leaves[leaf++];
                total += (int)(key >> 8) * length;
                work->Weights[(byte)key] = weight;
            }
        }

        for (int i = 0; i < count; i++)
        {
            int symbol = present[i];
            int length = longest + 1 - work->Weights[symbol];
            work->Codes[symbol] = ((ulong)next[length]++ << (64 - length)) | (uint)length;
        }

        return total;
    }

    /// <summary>What a longer code would save is less than what its description costs.</summary>
    private static int LimitFor(int literals, int count)
    {
        int limit = Math.Max(BitOperations.Log2((uint)literals) - 1, BitOperations.Log2((uint)count) + 2);
        return Math.Clamp(limit, 5, MaxBits);
    }

    private static int ListPresent(ushort* counts, byte* present)
    {
        int count = 0;
        for (int i = 0; i < 256; i += 64)
        {
            ulong mask = 0;
            for (int j = 48; j >= 0; j -= 16)
            {
                Vector128<byte> absent = Vector128.Narrow(
                    Vector128.Equals(Vector128.Load(counts + i + j), Vector128<ushort>.Zero),
                    Vector128.Equals(Vector128.Load(counts + i + j + 8), Vector128<ushort>.Zero));
                mask = (mask << 16) | (~absent.ExtractMostSignificantBits() & 0xffff);
            }

            for (; mask != 0; mask &= mask - 1)
            {
                present[count++] = (byte)(i + BitOperations.TrailingZeroCount(mask));
            }
        }

        return count;
    }

    /// <summary>Sorts by count: small counts each into a bucket of their own, the few large ones by insertion.</summary>
    private static void Sort(ushort* counts, byte* present, int count, uint* leaves)
    {
        ushort* places = stackalloc ushort[Buckets + 1];
        new Span<ushort>(places, Buckets + 1).Clear();
        for (int i = 0; i < count; i++)
        {
            places[1 + Math.Min((int)counts[present[i]], Buckets - 1)]++;
        }

        for (int i = 1; i <= Buckets; i++)
        {
            places[i] += places[i - 1];
        }

        int large = places[Buckets - 1];
        for (int i = 0; i < count; i++)
        {
            uint key = counts[present[i]];
            leaves[places[Math.Min(key, Buckets - 1)]++] = (key << 8) | present[i];
        }

        for (int i = large + 1; i < count; i++)
        {
            uint key = leaves[i];
            int at = i;
            for (; at > large && leaves[at - 1] > key; at--)
            {
                leaves[at] = leaves[at - 1];
            }

            leaves[at] = key;
        }
    }

    /// <summary>Merges the two lightest until one is left; counts the leaves of each level of that tree.</summary>
    private static void CountLevels(uint* leaves, int count, int* levels)
    {
        // Sums that are not there yet are heavier than all, and so are two leaves beyond the last.
        const uint None = uint.MaxValue >> 2;
        uint* weights = stackalloc uint[256 + 2];
        uint* sums = stackalloc uint[256 + 2];
        byte* parents = stackalloc byte[256 + 2];
        for (int i = 0; i < count; i++)
        {
            weights[i] = leaves[i] >> 8;
        }

        weights[count] = None;
        weights[count + 1] = None;
        new Span<uint>(sums, count + 2).Fill(None);
        uint* leaf = weights;
        uint* inner = sums;
        int innerAt = 0;
        for (int node = 0; node < count - 1; node++)
        {
            // Two leaves, two sums or one of each: what it is, is as good as random, so no branch. Parents are written
            // even of sums that are not taken; they are written again when they are.
            uint twoLeaves = (uint)((int)(leaf[1] - inner[0] - 1) >> 31);
            uint twoSums = (uint)((int)(inner[1] - leaf[0]) >> 31);
            uint first = inner[0] ^ ((inner[0] ^ leaf[0]) & ~twoSums);
            uint second = leaf[1] ^ ((leaf[1] ^ inner[0]) & ~twoLeaves);
            second ^= (second ^ inner[1]) & twoSums;
            parents[innerAt] = (byte)node;
            parents[innerAt + 1] = (byte)node;
            int taken = 1 + (int)twoLeaves - (int)twoSums;
            innerAt += taken;
            inner += taken;
            leaf += 2 - taken;
            sums[node] = first + second;
        }

        // Sums grow, and so the nodes of a level stand side by side, the root last.
        new Span<int>(levels, Deepest + 1).Clear();
        int begin = count - 2;
        int end = count - 1;
        for (int level = 1; begin < end; level++)
        {
            int next = begin;
            while (next > 0 && parents[next - 1] >= begin)
            {
                next--;
            }

            levels[level] = (2 * (end - begin)) - (begin - next);
            end = begin;
            begin = next;
        }
    }

    /// <summary>Shortens codes beyond the limit and lengthens others for it, so that the code stays complete.</summary>
    /// <returns>The longest length there is.</returns>
    private static int Limit(int* levels, int limit)
    {
        int longest = Deepest;
        while (levels[longest] == 0)
        {
            longest--;
        }

        if (longest <= limit)
        {
            return longest;
        }

        for (int level = limit + 1; level <= longest; level++)
        {
            levels[limit] += levels[level];
            levels[level] = 0;
        }

        int excess = -(1 << limit);
        for (int level = 1; level <= limit; level++)
        {
            excess += levels[level] << (limit - level);
        }

        while (excess > 0)
        {
            int level = limit - 1;
            while (levels[level] == 0)
            {
                level--;
            }

            levels[level]--;
            levels[level + 1]++;
            excess -= 1 << (limit - level - 1);
        }

        // What was taken too much goes to the longest codes, which become shorter by one.
        levels[limit] += excess;
        levels[limit - 1] -= excess;
        return limit;
    }
}
