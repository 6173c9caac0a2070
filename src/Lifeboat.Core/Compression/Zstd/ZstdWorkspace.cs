using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>What packing a block needs beside the block, in one piece of memory that does not move.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZstdWorkspace
{
    /// <summary>The longest block: its positions fit 16 bits.</summary>
    internal const int MaxBlock = 64 << 10;

    /// <summary>Bits of the hash of four bytes.</summary>
    internal const int HashBits = 12;

    /// <summary>What stores of whole words may write beyond what counts.</summary>
    internal const int Slack = 64;

    /// <summary>Where bytes of a hash were last seen.</summary>
    internal fixed ushort Positions[1 << HashBits];

    /// <summary>Counts of the literals, in four tables so that equal bytes in a row do not wait for each other.</summary>
    internal fixed ushort Counts[4 * 256];

    /// <summary>The code of each byte: its bits at the top, their number at the bottom.</summary>
    internal fixed ulong Codes[256];

    /// <summary>The weight of each byte, 0 for one that does not occur.</summary>
    internal fixed byte Weights[256 + 32];

    /// <summary>How often each code of a literal length, an offset and a match length occurs.</summary>
    internal fixed ushort LengthCounts[64];

    /// <inheritdoc cref="LengthCounts"/>
    internal fixed ushort OffsetCounts[64];

    /// <inheritdoc cref="LengthCounts"/>
    internal fixed ushort MatchCounts[64];

    internal FseTable Lengths;
    internal FseTable Offsets;
    internal FseTable Matches;
    internal FseTable WeightStates;
    internal FseTable DefaultLengths;
    internal FseTable DefaultOffsets;
    internal FseTable DefaultMatches;

    internal HuffmanLengths CodeLengths;

    internal int LiteralCount;

    /// <summary>One more than the largest byte that is a literal.</summary>
    internal int ByteLimit;

    internal int LongestCode;

    /// <summary>How many Huffman codes there are of each length.</summary>
    internal fixed ushort CodesOfLength[16];

    /// <summary>
    /// Each a literal length, a match length less 3 and an offset value: 16, 16 and 32 bits; later the bits that follow
    /// the sequence's codes, at the top, and their number at the bottom.
    /// </summary>
    internal fixed ulong Sequences[(MaxBlock / 4) + 8];

    /// <summary>
    /// The codes of each sequence: of its literals, its match and its offset, a byte each; later the bits of the
    /// states that code them, at the top, and their number at the bottom.
    /// </summary>
    internal fixed ulong SequenceCodes[(MaxBlock / 4) + 8];

    internal fixed byte Literals[MaxBlock + Slack];

    internal fixed byte Output[MaxBlock + 1024];
}
