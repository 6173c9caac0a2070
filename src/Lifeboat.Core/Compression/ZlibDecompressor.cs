using System.Buffers.Binary;

namespace Lifeboat.Core.Compression;

/// <summary>Decompresses zlib streams (RFC 1950 and 1951) whose size the caller bounds, whatever they hold.</summary>
/// <remarks>
/// <para><b>Hot path.</b> Nothing is allocated: the tables are kept from stream to stream.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class ZlibDecompressor
{
    private const int MaxLiteralLengths = 288;
    private const int MaxDistanceLengths = 32;

    private readonly HuffmanDecoder _literals = new(MaxLiteralLengths);
    private readonly HuffmanDecoder _distances = new(MaxDistanceLengths);
    private readonly HuffmanDecoder _lengthCodes = new(DeflateTables.LengthCodes);
    private readonly byte[] _lengths = new byte[MaxLiteralLengths + MaxDistanceLengths];

    /// <summary>Decompresses the whole of <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or -1 when the source is damaged or does not fit.</returns>
    public int Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Deflate with a window of at most 32 KiB, a header divisible by 31, and no preset dictionary.
        if (source.Length < 2 || (source[0] & 15) != 8 || source[0] >> 4 > 7
            || ((source[0] << 8) | source[1]) % 31 != 0 || (source[1] & 0x20) != 0)
        {
            return -1;
        }

        var bits = new DeflateBits(source[2..]);
        int written = 0;
        int isLast;
        do
        {
            if (!bits.TryRead(1, out isLast) || !bits.TryRead(2, out int kind)
                || !TryReadBlock(kind, ref bits, target, ref written))
            {
                return -1;
            }
        }
        while (isLast == 0);

        return bits.TryReadBytes(4, out ReadOnlySpan<byte> sum)
            && BinaryPrimitives.ReadUInt32BigEndian(sum) == Adler32.Compute(target[..written]) ? written : -1;
    }

    private bool TryReadBlock(int kind, ref DeflateBits bits, Span<byte> target, ref int written)
    {
        switch (kind)
        {
            case DeflateTables.Stored:
                return TryCopyStored(ref bits, target, ref written);
            case DeflateTables.Fixed:
                Span<byte> lengths = _lengths;
                DeflateTables.FillFixedLiteralLengths(lengths[..MaxLiteralLengths]);
                lengths[MaxLiteralLengths..].Fill(5);
                return _literals.TrySet(lengths[..MaxLiteralLengths]) && _distances.TrySet(lengths[MaxLiteralLengths..])
                    && TryReadSymbols(ref bits, target, ref written);
            case DeflateTables.Dynamic:
                return TryReadCodes(ref bits) && TryReadSymbols(ref bits, target, ref written);
            default:
                return false;
        }
    }

    private static bool TryCopyStored(ref DeflateBits bits, Span<byte> target, ref int written)
    {
        if (!bits.TryReadBytes(4, out ReadOnlySpan<byte> header))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(header);
        if ((length ^ 0xffff) != BinaryPrimitives.ReadUInt16LittleEndian(header[2..])
            || length > target.Length - written || !bits.TryReadBytes(length, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        bytes.CopyTo(target[written..]);
        written += length;
        return true;
    }

    private bool TryReadCodes(ref DeflateBits bits)
    {
        if (!bits.TryRead(5, out int literals) || !bits.TryRead(5, out int distances) || !bits.TryRead(4, out int codes))
        {
            return false;
        }

        literals += DeflateTables.FirstLengthCode;
        distances++;
        if (literals > DeflateTables.LiteralCodes || distances > DeflateTables.DistanceCodes)
        {
            return false;
        }

        Span<byte> lengths = _lengths;
        Span<byte> codeLengths = lengths[..DeflateTables.LengthCodes];
        codeLengths.Clear();
        for (int i = 0; i < codes + 4; i++)
        {
            if (!bits.TryRead(3, out int length))
            {
                return false;
            }

            codeLengths[DeflateTables.LengthCodeOrder[i]] = (byte)length;
        }

        if (!_lengthCodes.TrySet(codeLengths))
        {
            return false;
        }

        lengths = lengths[..(literals + distances)];
        for (int at = 0; at < lengths.Length;)
        {
            int symbol = _lengthCodes.Decode(ref bits);
            if (symbol is >= 0 and < 16)
            {
                lengths[at++] = (byte)symbol;
                continue;
            }

            (int extra, int least) = symbol switch { 16 => (2, 3), 17 => (3, 3), _ => (7, 11) };
            if (symbol < 0 || (symbol == 16 && at == 0) || !bits.TryRead(extra, out int more)
                || least + more > lengths.Length - at)
            {
                return false;
            }

            lengths.Slice(at, least + more).Fill(symbol == 16 ? lengths[at - 1] : (byte)0);
            at += least + more;
        }

        return lengths[DeflateTables.EndOfBlock] != 0
            && _literals.TrySet(lengths[..literals]) && _distances.TrySet(lengths[literals..]);
    }

    private bool TryReadSymbols(ref DeflateBits bits, Span<byte> target, ref int written)
    {
        while (true)
        {
            int symbol = _literals.Decode(ref bits);
            if (symbol < DeflateTables.EndOfBlock)
            {
                if (symbol < 0 || written >= target.Length)
                {
                    return false;
                }

                target[written++] = (byte)symbol;
                continue;
            }

            if (symbol == DeflateTables.EndOfBlock)
            {
                return true;
            }

            int code = symbol - DeflateTables.FirstLengthCode;
            if (code >= DeflateTables.LengthBases.Length
                || !bits.TryRead(DeflateTables.LengthExtraBits[code], out int more))
            {
                return false;
            }

            int length = DeflateTables.LengthBases[code] + more;
            int distanceCode = _distances.Decode(ref bits);
            if ((uint)distanceCode >= DeflateTables.DistanceCodes
                || !bits.TryRead(DeflateTables.DistanceExtraBits[distanceCode], out int further)
                || !Matches.TryCopy(target, ref written, DeflateTables.DistanceBases[distanceCode] + further, length))
            {
                return false;
            }
        }
    }
}
