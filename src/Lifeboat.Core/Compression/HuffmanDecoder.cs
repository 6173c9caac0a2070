using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression;

/// <summary>Decodes one Huffman code: short codes by one look into a table, long ones bit by bit.</summary>
internal sealed class HuffmanDecoder(int maxSymbols)
{
    private const int FastBits = 9;

    // Symbol and length of every code of at most FastBits bits, by the bits as they come; 0 where there is none.
    private readonly ushort[] _fast = new ushort[1 << FastBits];
    private readonly ushort[] _counts = new ushort[DeflateTables.MaxCodeLength + 1];
    private readonly ushort[] _symbols = new ushort[maxSymbols];

    /// <summary>
    /// Takes the lengths of the codes; false when they are no prefix code. One code alone may leave a gap, as deflate
    /// allows.
    /// </summary>
    internal bool TrySet(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(_counts);
        foreach (byte length in lengths)
        {
            _counts[length]++;
        }

        int used = lengths.Length - _counts[0];
        _counts[0] = 0;
        Span<int> next = stackalloc int[DeflateTables.MaxCodeLength + 1];
        Span<int> place = stackalloc int[DeflateTables.MaxCodeLength + 1];
        int code = 0;
        int left = 1;
        for (int bits = 1; bits <= DeflateTables.MaxCodeLength; bits++)
        {
            left = (left << 1) - _counts[bits];
            if (left < 0)
            {
                return false;
            }

            code = (code + _counts[bits - 1]) << 1;
            next[bits] = code;
            place[bits] = place[bits - 1] + _counts[bits - 1];
        }

        if (left > 0 && used > 1)
        {
            return false;
        }

        Array.Clear(_fast);
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int bits = lengths[symbol];
            if (bits == 0)
            {
                continue;
            }

            _symbols[place[bits]++] = (ushort)symbol;
            int reversed = Reverse(next[bits]++, bits);
            if (bits <= FastBits)
            {
                for (int i = reversed; i < _fast.Length; i += 1 << bits)
                {
                    _fast[i] = (ushort)((symbol << 4) | bits);
                }
            }
        }

        return true;
    }

    /// <summary>The next symbol, or -1 where no code stands or the bits end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Decode(ref DeflateBits bits)
    {
        bits.Refill();
        int entry = _fast[(int)bits.Peek(FastBits)];
        int length = entry & 15;
        if (length == 0)
        {
            return DecodeLong(ref bits);
        }

        return bits.TrySkip(length) ? entry >> 4 : -1;
    }

    /// <summary>The lowest bits of a code, the first of it lowest, as deflate stores codes.</summary>
    internal static int Reverse(int code, int bits)
    {
        int reversed = 0;
        for (int i = 0; i < bits; i++)
        {
            reversed = (reversed << 1) | ((code >> i) & 1);
        }

        return reversed;
    }

    private int DecodeLong(ref DeflateBits bits)
    {
        uint ahead = bits.Peek(DeflateTables.MaxCodeLength);
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= DeflateTables.MaxCodeLength; length++)
        {
            code |= (int)(ahead >> (length - 1)) & 1;
            int count = _counts[length];
            if (code - first < count)
            {
                return bits.TrySkip(length) ? _symbols[index + (code - first)] : -1;
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return -1;
    }
}
