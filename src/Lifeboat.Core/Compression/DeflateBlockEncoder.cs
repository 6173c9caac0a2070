using System.Buffers.Binary;
using System.Numerics;

namespace Lifeboat.Core.Compression;

/// <summary>Writes the tokens of one deflate block: stored, with the fixed code, or with a code made for it.</summary>
internal sealed class DeflateBlockEncoder
{
    private const int HeaderBits = 3;
    private const int MaxStored = 0xffff;

    private static readonly byte[] LengthCodeOf = MakeLengthCodes();

    private readonly HuffmanEncoder _literals = new(DeflateTables.LiteralCodes + 2, DeflateTables.MaxCodeLength);
    private readonly HuffmanEncoder _distances = new(DeflateTables.DistanceCodes, DeflateTables.MaxCodeLength);
    private readonly HuffmanEncoder _lengthCodes = new(DeflateTables.LengthCodes, DeflateTables.MaxLengthCodeLength);
    private readonly byte[] _runs = new byte[DeflateTables.LiteralCodes + DeflateTables.DistanceCodes];
    private readonly byte[] _runExtras = new byte[DeflateTables.LiteralCodes + DeflateTables.DistanceCodes];

    /// <summary>Writes a block.</summary>
    /// <param name="writer">Takes the bits.</param>
    /// <param name="tokens">Literals as they are, matches as length &lt;&lt; 16 | distance - 1.</param>
    /// <param name="source">The bytes that the tokens stand for.</param>
    /// <param name="isLast">Whether it ends the stream.</param>
    internal void Write(ref DeflateWriter writer, ReadOnlySpan<uint> tokens, ReadOnlySpan<byte> source, bool isLast)
    {
        int extraBits = Count(tokens);
        _literals.Build();
        _distances.Build();
        int literals = Used(_literals.Lengths, DeflateTables.FirstLengthCode);
        int distances = Used(_distances.Lengths, 1);
        int runs = EncodeLengths(literals, distances);
        int dynamicBits = DynamicHeaderBits(runs, out int lengthCodes)
            + _literals.TotalBits + _distances.TotalBits + extraBits;
        int fixedBits = FixedBits() + extraBits;
        int storedBits = (source.Length + 5) * 8;
        if (storedBits <= Math.Min(dynamicBits, fixedBits) && source.Length <= MaxStored)
        {
            WriteStored(ref writer, source, isLast);
            return;
        }

        bool isFixed = fixedBits <= dynamicBits;
        writer.Write((isLast ? 1u : 0) | (uint)(isFixed ? DeflateTables.Fixed : DeflateTables.Dynamic) << 1, HeaderBits);
        if (isFixed)
        {
            SetFixed();
        }
        else
        {
            WriteCodes(ref writer, literals, distances, runs, lengthCodes);
        }

        WriteTokens(ref writer, tokens);
    }

    private static byte[] MakeLengthCodes()
    {
        byte[] codes = new byte[DeflateTables.MaxMatch + 1];
        for (int code = 0; code < DeflateTables.LengthBases.Length; code++)
        {
            int end = DeflateTables.LengthBases[code] + (1 << DeflateTables.LengthExtraBits[code]);
            for (int length = DeflateTables.LengthBases[code]; length < Math.Min(end, codes.Length); length++)
            {
                codes[length] = (byte)code;
            }
        }

        return codes;
    }

    private static int DistanceCodeOf(uint distanceLessOne)
    {
        if (distanceLessOne < 4)
        {
            return (int)distanceLessOne;
        }

        // Two codes for each power of two.
        int log = BitOperations.Log2(distanceLessOne);
        return (2 * log) + (int)((distanceLessOne >> (log - 1)) & 1);
    }

    private static int Used(ReadOnlySpan<byte> lengths, int least)
    {
        int used = Math.Min(lengths.Length, DeflateTables.LiteralCodes);
        while (used > least && lengths[used - 1] == 0)
        {
            used--;
        }

        return used;
    }

    private static void WriteStored(ref DeflateWriter writer, ReadOnlySpan<byte> source, bool isLast)
    {
        writer.Write(isLast ? 1u : 0, HeaderBits);
        writer.Align();
        Span<byte> header = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)source.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)~source.Length);
        writer.WriteBytes(header);
        writer.WriteBytes(source);
    }

    private static (int Extra, int Least) RunOf(int symbol) => symbol switch
    {
        16 => (2, 3),
        17 => (3, 3),
        18 => (7, 11),
        _ => (0, 0),
    };

    /// <summary>Counts the symbols; returns the bits that follow them.</summary>
    private int Count(ReadOnlySpan<uint> tokens)
    {
        int[] literals = _literals.Counts;
        int[] distances = _distances.Counts;
        Array.Clear(literals);
        Array.Clear(distances);
        literals[DeflateTables.EndOfBlock] = 1;
        int extraBits = 0;
        foreach (uint token in tokens)
        {
            if (token < DeflateTables.EndOfBlock)
            {
                literals[token]++;
                continue;
            }

            int lengthCode = LengthCodeOf[token >> 16];
            int distanceCode = DistanceCodeOf(token & 0xffff);
            literals[DeflateTables.FirstLengthCode + lengthCode]++;
            distances[distanceCode]++;
            extraBits += DeflateTables.LengthExtraBits[lengthCode] + DeflateTables.DistanceExtraBits[distanceCode];
        }

        return extraBits;
    }

    private int FixedBits()
    {
        int bits = 0;
        int[] counts = _literals.Counts;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            bits += counts[symbol] * (symbol switch { < 144 => 8, < 256 => 9, < 280 => 7, _ => 8 });
        }

        foreach (int count in _distances.Counts)
        {
            bits += 5 * count;
        }

        return bits;
    }

    private void SetFixed()
    {
        Span<byte> lengths = stackalloc byte[DeflateTables.LiteralCodes + 2];
        DeflateTables.FillFixedLiteralLengths(lengths);
        _literals.Set(lengths);
        lengths = lengths[..DeflateTables.DistanceCodes];
        lengths.Fill(5);
        _distances.Set(lengths);
    }

    /// <summary>Turns the lengths of both codes into runs; returns how many.</summary>
    private int EncodeLengths(int literals, int distances)
    {
        Span<byte> all = stackalloc byte[literals + distances];
        _literals.Lengths[..literals].CopyTo(all);
        _distances.Lengths[..distances].CopyTo(all[literals..]);
        Array.Clear(_lengthCodes.Counts);
        int runs = 0;
        for (int at = 0; at < all.Length;)
        {
            byte length = all[at];
            int same = all[at..].IndexOfAnyExcept(length);
            same = same < 0 ? all.Length - at : same;
            at += same;
            if (length != 0)
            {
                Add(length, 0);
                same--;
            }

            while (same >= 3)
            {
                int symbol = length != 0 ? 16 : same >= 11 ? 18 : 17;
                (int extra, int least) = RunOf(symbol);
                int now = Math.Min(same, least + (1 << extra) - 1);
                Add(symbol, now - least);
                same -= now;
            }

            for (; same > 0; same--)
            {
                Add(length, 0);
            }
        }

        _lengthCodes.Build();
        return runs;

        void Add(int symbol, int extra)
        {
            _lengthCodes.Counts[symbol]++;
            _runs[runs] = (byte)symbol;
            _runExtras[runs++] = (byte)extra;
        }
    }

    private int DynamicHeaderBits(int runs, out int lengthCodes)
    {
        lengthCodes = DeflateTables.LengthCodes;
        while (lengthCodes > 4 && _lengthCodes.Lengths[DeflateTables.LengthCodeOrder[lengthCodes - 1]] == 0)
        {
            lengthCodes--;
        }

        int bits = 5 + 5 + 4 + (3 * lengthCodes) + _lengthCodes.TotalBits;
        for (int i = 0; i < runs; i++)
        {
            bits += RunOf(_runs[i]).Extra;
        }

        return bits;
    }

    private void WriteCodes(ref DeflateWriter writer, int literals, int distances, int runs, int lengthCodes)
    {
        writer.Write((uint)(literals - DeflateTables.FirstLengthCode), 5);
        writer.Write((uint)(distances - 1), 5);
        writer.Write((uint)(lengthCodes - 4), 4);
        for (int i = 0; i < lengthCodes; i++)
        {
            writer.Write(_lengthCodes.Lengths[DeflateTables.LengthCodeOrder[i]], 3);
        }

        for (int i = 0; i < runs; i++)
        {
            int symbol = _runs[i];
            writer.Write(_lengthCodes.Codes[symbol], _lengthCodes.Lengths[symbol]);
            writer.Write(_runExtras[i], RunOf(symbol).Extra);
        }
    }

    private void WriteTokens(ref DeflateWriter writer, ReadOnlySpan<uint> tokens)
    {
        ReadOnlySpan<ushort> literalCodes = _literals.Codes;
        ReadOnlySpan<byte> literalLengths = _literals.Lengths;
        foreach (uint token in tokens)
        {
            if (token < DeflateTables.EndOfBlock)
            {
                writer.Write(literalCodes[(int)token], literalLengths[(int)token]);
                continue;
            }

            int length = (int)(token >> 16);
            int code = LengthCodeOf[length];
            int symbol = DeflateTables.FirstLengthCode + code;
            writer.Write(literalCodes[symbol], literalLengths[symbol]);
            writer.Write((uint)(length - DeflateTables.LengthBases[code]), DeflateTables.LengthExtraBits[code]);
            uint distance = token & 0xffff;
            code = DistanceCodeOf(distance);
            writer.Write(_distances.Codes[code], _distances.Lengths[code]);
            writer.Write(distance + 1 - DeflateTables.DistanceBases[code], DeflateTables.DistanceExtraBits[code]);
        }

        writer.Write(literalCodes[DeflateTables.EndOfBlock], literalLengths[DeflateTables.EndOfBlock]);
    }
}
