namespace Lifeboat.Core.Compression;

/// <summary>The constants of the deflate format (RFC 1951).</summary>
internal static class DeflateTables
{
    internal const int MaxCodeLength = 15;
    internal const int MaxLengthCodeLength = 7;
    internal const int LiteralCodes = 286;
    internal const int DistanceCodes = 30;
    internal const int LengthCodes = 19;
    internal const int EndOfBlock = 256;
    internal const int FirstLengthCode = 257;
    internal const int MinMatch = 3;
    internal const int MaxMatch = 258;
    internal const int MaxDistance = 32 << 10;

    internal const int Stored = 0;
    internal const int Fixed = 1;
    internal const int Dynamic = 2;

    /// <summary>The shortest match of each length code.</summary>
    internal static readonly ushort[] LengthBases =
    [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ];

    /// <summary>The bits that follow each length code.</summary>
    internal static ReadOnlySpan<byte> LengthExtraBits =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    /// <summary>The nearest distance of each distance code.</summary>
    internal static readonly ushort[] DistanceBases =
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ];

    /// <summary>The bits that follow each distance code.</summary>
    internal static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>The order in which a dynamic block gives the lengths of its length codes.</summary>
    internal static ReadOnlySpan<byte> LengthCodeOrder =>
        [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Lengths of the literal codes of a fixed block.</summary>
    internal static void FillFixedLiteralLengths(Span<byte> lengths)
    {
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
    }
}
