using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Chooses how long the code of each byte is, without building a tree.</summary>
/// <remarks>
/// All codes share 2^c. A byte that occurs n times, 2^e &lt;= n &lt; 2^(e+1), takes 2^e of it when its code has c - e bits,
/// and as much again when it has one bit less. The larger n / 2^e, the more that saves for what it takes, so what is
/// left goes to the bytes with the largest n / 2^e: hardly a page becomes a thousandth longer than with Huffman's own code.
/// Bytes are told apart by kind only: e, their level, and n / 2^e in steps.
/// </remarks>
[SkipLocalsInit]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HuffmanLengths
{
    private const int StepBits = 4;
    private const int Steps = 1 << StepBits;
    private const int Levels = 16; // of counts below 65,536
    private const int ExponentBias = 127; // of a float
    private const int StepShift = 23 - StepBits; // to its exponent and the bits behind it

    /// <summary>The bytes that occur, ascending.</summary>
    internal fixed byte Present[256];

    /// <summary>Their kinds, in the same order.</summary>
    internal fixed byte Kinds[256 + 16];

    /// <summary>The length of the codes of each kind.</summary>
    internal fixed byte Lengths[(Levels + 1) * Steps];

    /// <summary>How many codes there are of each length.</summary>
    internal fixed uint Codes[Levels + 1];

    /// <summary>How many bytes occur.</summary>
    internal int Count;

    // How many bytes there are of each kind, and of each level. No kind has all 256: bytes that even are not coded.
    private fixed byte _many[Levels * Steps];
    private fixed uint _rows[Levels];
    private int _taken; // of what is shared
    private int _left;
    private int _share; // c
    private int _lowest; // bytes of lower levels have codes cut to the limit, and take as much as this level
    private int _levels;

    /// <summary>Lists the bytes that occur.</summary>
    internal static void List(HuffmanLengths* lengths, ushort* counts)
    {
        // Safety: there are 256 counts; a kind is below Levels * Steps.
        byte* present = lengths->Present;
        byte* kinds = lengths->Kinds;
        byte* many = lengths->_many;
        new Span<byte>(many, Levels * Steps).Clear();
        int count = 0;
        int taken = 0;
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
                int symbol = i + BitOperations.TrailingZeroCount(mask);
                int kind = (BitConverter.SingleToInt32Bits(counts[symbol]) >> StepShift) - (ExponentBias * Steps);
                present[count] = (byte)symbol;
                kinds[count++] = (byte)kind;
                many[kind]++;
                taken += 1 << (kind >> StepBits);
            }
        }

        lengths->Count = count;
        lengths->_taken = taken;
    }

    /// <summary>Chooses the lengths of the bytes listed, two or more, none above the limit; the code is complete.</summary>
    /// <returns>The longest length there is.</returns>
    internal static int Choose(HuffmanLengths* lengths, int limit)
    {
        int rare = CutToLimit(lengths, limit);
        int step = ShortenSteps(lengths);
        FillLengths(lengths, limit, step, rare);
        ShortenKinds(lengths, limit, step);

        uint* codes = lengths->Codes;
        int longest = limit;
        while (codes[longest] == 0)
        {
            longest--;
        }

        // It is rare that still something is left, a multiple of what the longest codes take: these become shorter.
        while (lengths->_left > 0)
        {
            int cost = 1 << (lengths->_share - longest);
            for (int i = 0; i < lengths->Count && lengths->_left > 0; i++)
            {
                if (lengths->Lengths[lengths->Kinds[i]] == longest)
                {
                    Move(lengths, 1, longest, cost);
                    lengths->Kinds[i] += Steps;
                }
            }

            longest -= codes[longest] == 0 ? 1 : 0;
        }

        return longest;
    }

    /// <summary>Finds what the codes share, so that all fit and none is above the limit.</summary>
    /// <returns>How many are cut to it.</returns>
    private static int CutToLimit(HuffmanLengths* lengths, int limit)
    {
        uint* rows = lengths->_rows;
        int levels = 0;
        for (int level = 0; level < Levels; level++)
        {
            rows[level] = Sum(Vector128.Load(lengths->_many + (level * Steps)));
            levels = rows[level] != 0 ? level + 1 : levels;
        }

        int taken = lengths->_taken;
        int share = BitOperations.Log2((uint)(taken - 1)) + 1;
        int lowest = 0;
        int rare = 0;
        while (share - lowest > limit || taken > 1 << share)
        {
            share += share - lowest <= limit ? 1 : 0;
            rare += (int)rows[lowest];
            taken += rare << lowest;
            lowest++;
        }

        lengths->_left = (1 << share) - taken;
        lengths->_share = share;
        lengths->_lowest = lowest;
        lengths->_levels = levels;
        return rare;
    }

    /// <summary>Takes what is left for the highest steps, as long as all bytes of a step can have a shorter code.</summary>
    /// <returns>The first of these steps.</returns>
    private static int ShortenSteps(HuffmanLengths* lengths)
    {
        uint* costs = stackalloc uint[Steps];
        Vector128<uint> a = default;
        Vector128<uint> b = default;
        Vector128<uint> c = default;
        Vector128<uint> d = default;
        for (int level = lengths->_lowest; level < lengths->_levels; level++)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(
                Vector128.Load(lengths->_many + (level * Steps)));
            a += Vector128.WidenLower(low) << level;
            b += Vector128.WidenUpper(low) << level;
            c += Vector128.WidenLower(high) << level;
            d += Vector128.WidenUpper(high) << level;
        }

        a.Store(costs);
        b.Store(costs + 4);
        c.Store(costs + 8);
        d.Store(costs + 12);
        int step = Steps;
        while (step > 0 && costs[step - 1] <= (uint)lengths->_left)
        {
            step--;
            lengths->_left -= (int)costs[step];
        }

        return step;
    }

    /// <summary>Sets the length of each kind, and counts the codes of each length.</summary>
    private static void FillLengths(HuffmanLengths* lengths, int limit, int step, int rare)
    {
        uint* codes = lengths->Codes;
        new Span<uint>(codes, Levels + 1).Clear();
        for (int level = 0; level < lengths->_lowest; level++)
        {
            Vector128.Create((byte)limit).Store(lengths->Lengths + (level * Steps));
        }

        int share = lengths->_share;
        codes[share - lengths->_lowest] = (uint)rare;
        Vector128<byte> shorter = Vector128.GreaterThanOrEqual(Vector128<byte>.Indices, Vector128.Create((byte)step));
        for (int level = lengths->_lowest; level <= share; level++)
        {
            (Vector128.Create((byte)(share - level)) + shorter).Store(lengths->Lengths + (level * Steps));
            if (level < lengths->_levels)
            {
                uint many = Sum(Vector128.Load(lengths->_many + (level * Steps)) & shorter);
                codes[share - level] += lengths->_rows[level] - many;
                codes[share - level - 1] += many;
            }
        }
    }

    /// <summary>Takes what is left for some of the bytes of lower steps, and then for those with codes cut.</summary>
    private static void ShortenKinds(HuffmanLengths* lengths, int limit, int step)
    {
        byte* many = lengths->_many;
        int lowest = lengths->_lowest;
        for (int at = step - 1; at >= 0 && lengths->_left > 0; at--)
        {
            int level = Math.Min(lengths->_levels - 1, BitOperations.Log2((uint)lengths->_left));
            for (; level >= lowest; level--)
            {
                int kind = (level * Steps) + at;
                int some = Math.Min(many[kind], lengths->_left >> level);
                if (some > 0)
                {
                    Move(lengths, some, lengths->_share - level, 1 << level);
                    Change(lengths->Kinds, kind, kind + Steps, some);
                }
            }
        }

        for (int kind = (lowest * Steps) - 1; kind >= 0 && lengths->_left > 0; kind--)
        {
            int some = Math.Min(many[kind], lengths->_left >> lowest);
            if (some > 0)
            {
                Move(lengths, some, limit, 1 << lowest);
                Change(lengths->Kinds, kind, (step > 0 ? lowest + 1 : lowest) * Steps, some);
            }
        }
    }

    /// <summary>Counts some codes as one bit shorter.</summary>
    private static void Move(HuffmanLengths* lengths, int some, int length, int cost)
    {
        lengths->_left -= some * cost;
        lengths->Codes[length] -= (uint)some;
        lengths->Codes[length - 1] += (uint)some;
    }

    /// <summary>Gives the first bytes of a kind another kind.</summary>
    private static void Change(byte* kinds, int from, int to, int some)
    {
        // Safety: there are as many of that kind, so what lies behind the kinds is read but not written.
        for (; ; kinds += 16)
        {
            uint mask = Vector128.Equals(Vector128.Load(kinds), Vector128.Create((byte)from)).ExtractMostSignificantBits();
            for (; mask != 0; mask &= mask - 1)
            {
                kinds[BitOperations.TrailingZeroCount(mask)] = (byte)to;
                if (--some == 0)
                {
                    return;
                }
            }
        }
    }

    private static uint Sum(Vector128<byte> values)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(values);
        return Vector128.Sum(low + high);
    }
}
