using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks into LZO1X streams, as LZO1X-1 does: one probe a position, greedy matches.</summary>
/// <remarks>
/// <para><b>Format.</b> Instructions of literal runs and matches as the kernel's Documentation/staging/lzo.rst has them;
/// see <see cref="LzoDecompressor"/>.</para>
/// <para><b>Hot path.</b> Nothing is allocated; the table of positions is kept from block to block and cleared only
/// when its 16-bit positions run out.</para>
/// <para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para>
/// </remarks>
public sealed class LzoCompressor
{
    private const int TableBits = 14;
    private const int MaxChunk = 48 << 10; // so that no distance within a chunk is beyond the longest there is
    private const int Tail = 20; // the last bytes are literals: the search may read ahead without a check
    private const int MinMatch = 4;
    private const int ShortDistance = 0x800;
    private const int MiddleDistance = 0x4000;
    private const int EndLength = 3;

    private readonly ushort[] _table = new ushort[1 << TableBits];
    private int _epoch;

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int written = 0;
        int literals = 0;
        int done = 0;
        while (source.Length - done > Tail)
        {
            int length = Math.Min(source.Length - done, MaxChunk);
            if (!TryCompressChunk(source, done, length, target, ref written, ref literals))
            {
                return 0;
            }

            done += length;
        }

        literals += source.Length - done;
        if (literals > 0 && !TryWriteLastLiterals(source[^literals..], target, ref written))
        {
            return 0;
        }

        if (target.Length - written < EndLength)
        {
            return 0;
        }

        // A match of distance 0 beyond the middle distance ends the stream.
        target[written] = 17;
        target[written + 1] = 0;
        target[written + 2] = 0;
        return written + EndLength;
    }

    private static bool TryWriteLastLiterals(ReadOnlySpan<byte> literals, Span<byte> target, ref int written)
    {
        const int MaxFirstRun = 238;
        if (written == 0 && literals.Length <= MaxFirstRun && target.Length > literals.Length)
        {
            target[0] = (byte)(17 + literals.Length);
            literals.CopyTo(target[1..]);
            written = 1 + literals.Length;
            return true;
        }

        return TryWriteLiterals(literals, target, ref written);
    }

    private static bool TryWriteLiterals(ReadOnlySpan<byte> literals, Span<byte> target, ref int written)
    {
        int length = literals.Length;
        if (target.Length - written < length + (length / 255) + 2)
        {
            return false;
        }

        if (length <= 3)
        {
            // Up to three ride in the two low bits of the match before.
            target[written - 2] |= (byte)length;
        }
        else if (length <= 18)
        {
            target[written++] = (byte)(length - 3);
        }
        else
        {
            target[written++] = 0;
            WriteLength(length - 18, target, ref written);
        }

        literals.CopyTo(target[written..]);
        written += length;
        return true;
    }

    private static void WriteLength(int length, Span<byte> target, ref int written)
    {
        for (; length > 255; length -= 255)
        {
            target[written++] = 0;
        }

        target[written++] = (byte)length;
    }

    private static bool TryWriteMatch(int length, int distance, Span<byte> target, ref int written)
    {
        if (target.Length - written < (length / 255) + 4)
        {
            return false;
        }

        if (length <= 8 && distance <= ShortDistance)
        {
            distance--;
            target[written++] = (byte)(((length - 1) << 5) | ((distance & 7) << 2));
            target[written++] = (byte)(distance >> 3);
            return true;
        }

        int marker;
        int longest;
        if (distance <= MiddleDistance)
        {
            distance--;
            (marker, longest) = (32, 33);
        }
        else
        {
            distance -= MiddleDistance;
            (marker, longest) = (16 | ((distance >> 11) & 8), 9);
        }

        if (length <= longest)
        {
            target[written++] = (byte)(marker | (length - 2));
        }
        else
        {
            target[written++] = (byte)marker;
            WriteLength(length - longest, target, ref written);
        }

        target[written++] = (byte)(distance << 2);
        target[written++] = (byte)(distance >> 6);
        return true;
    }

    private static int MatchLength(ref byte start, int position, int earlier, int searchEnd)
    {
        // Safety: position is below searchEnd, which is Tail bytes before the end of the source; the loop reads at
        // most 16 bytes beyond searchEnd, and earlier lies below position.
        int length = MinMatch;
        ulong difference = Load64(ref start, position + length) ^ Load64(ref start, earlier + length);
        while (difference == 0)
        {
            length += 8;
            difference = Load64(ref start, position + length) ^ Load64(ref start, earlier + length);
            if (position + length >= searchEnd)
            {
                return length;
            }
        }

        return length + (BitOperations.TrailingZeroCount(difference) >> 3);
    }

    // Safety: of both loads, the caller's position is at least so many bytes before the end of the source.
    private static uint Load32(ref byte start, int position) =>
        Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, position));

    private static ulong Load64(ref byte start, int position) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position));

    /// <summary>
    /// Compresses one chunk; what is left at its end without a match is added to <paramref name="literals"/>.
    /// </summary>
    private bool TryCompressChunk(
        ReadOnlySpan<byte> source, int begin, int length, Span<byte> target, ref int written, ref int literals)
    {
        // Positions in the table count from the epoch; those below it are of blocks that are gone, and stand, as
        // in a cleared table, for the chunk's start.
        if (_epoch + length > ushort.MaxValue)
        {
            Array.Clear(_table);
            _epoch = 0;
        }

        int epoch = _epoch;
        _epoch += length;
        ref byte start = ref MemoryMarshal.GetReference(source);
        ref ushort table = ref MemoryMarshal.GetArrayDataReference(_table);
        int searchEnd = begin + length - Tail;
        int firstLiteral = begin - literals;
        int position = begin + Math.Max(0, 4 - literals);
        while (true)
        {
            // The longer nothing matched, the larger the steps.
            position += 1 + ((position - Math.Max(firstLiteral, begin)) >> 5);
            while (true)
            {
                if (position >= searchEnd)
                {
                    literals = begin + length - firstLiteral;
                    return true;
                }

                uint word = Load32(ref start, position);

                // Safety: the product is shifted down to TableBits bits, and the table has an entry for each.
                ref ushort entry = ref Unsafe.Add(ref table, (nint)((word * 0x1824429du) >> (32 - TableBits)));
                int earlier = begin + Math.Max(0, entry - epoch);
                entry = (ushort)(epoch + position - begin);
                if (word != Load32(ref start, earlier))
                {
                    break;
                }

                if (position > firstLiteral
                    && !TryWriteLiterals(source[firstLiteral..position], target, ref written))
                {
                    return false;
                }

                int matched = MatchLength(ref start, position, earlier, searchEnd);
                if (!TryWriteMatch(matched, position - earlier, target, ref written))
                {
                    return false;
                }

                position += matched;
                firstLiteral = position;
            }
        }
    }
}
