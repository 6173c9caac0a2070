using System.Buffers.Binary;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks into zlib streams (RFC 1950 and 1951), fast rather than small.</summary>
/// <remarks>
/// <para><b>Hot path.</b> A source is one deflate block with the code that suits it, or a few when it is large; nothing
/// is allocated once the tables have the size of the largest source.</para>
/// <para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para>
/// </remarks>
public sealed class ZlibCompressor
{
    private const int MaxTokens = 16 << 10;
    private const int InsertUpTo = 32; // all positions of a match no longer than this are noted
    private const int FarForThree = 4096; // a match of three from further away takes more room than its bytes

    private readonly MatchFinder _finder = new();
    private readonly DeflateBlockEncoder _encoder = new();

    // A literal as it is; a match as its length above its distance.
    private readonly uint[] _tokens = new uint[MaxTokens];

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var writer = new DeflateWriter(target);
        writer.Write(0x0178, 16); // a window of 32 KiB, the fastest level
        _finder.Start(source.Length);
        int position = 0;
        do
        {
            int start = position;
            int count = FindTokens(source, ref position);
            _encoder.Write(
                ref writer, _tokens.AsSpan(0, count), source[start..position], isLast: position == source.Length);
        }
        while (position < source.Length && !writer.IsFull);

        writer.Align();
        Span<byte> sum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Adler32.Compute(source));
        writer.WriteBytes(sum);
        return writer.IsFull ? 0 : writer.Length;
    }

    private int FindTokens(ReadOnlySpan<byte> source, ref int position)
    {
        int count = 0;
        int searchEnd = source.Length - 4;
        uint[] tokens = _tokens;
        while (position < source.Length && count < tokens.Length)
        {
            int distance = 0;
            int length = position <= searchEnd ? _finder.Find(source, position, out distance) : 0;
            if (length < DeflateTables.MinMatch || (length == DeflateTables.MinMatch && distance > FarForThree))
            {
                tokens[count++] = source[position++];
                continue;
            }

            tokens[count++] = ((uint)length << 16) | (uint)(distance - 1);
            int end = position + length;
            int noteEnd = length <= InsertUpTo ? Math.Min(end, searchEnd + 1) : position;
            for (int i = position + 1; i < noteEnd; i++)
            {
                _finder.Insert(source, i);
            }

            position = end;
        }

        return count;
    }
}
