using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression;

/// <summary>Compresses blocks into raw Snappy (Snappy's format_description.txt): one probe a position.</summary>
/// <remarks>
/// <para><b>Hot path.</b> Nothing is allocated; the table of positions is kept from block to block.</para>
/// <para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para>
/// </remarks>
public sealed class SnappyCompressor
{
    private const int TableBits = 14;
    private const int MaxFragment = 1 << 16;
    private const int Tail = 15; // the search reads ahead without a check

    private readonly int[] _table = new int[1 << TableBits];
    private int _epoch = 1;

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (target.Length < 5)
        {
            return 0;
        }

        int written = 0;
        uint length = (uint)source.Length;
        for (; length >= 0x80; length >>= 7)
        {
            target[written++] = (byte)(length | 0x80);
        }

        target[written++] = (byte)length;
        for (int done = 0; done < source.Length; done += MaxFragment)
        {
            ReadOnlySpan<byte> fragment = source.Slice(done, Math.Min(MaxFragment, source.Length - done));
            if (!TryCompressFragment(fragment, target, ref written))
            {
                return 0;
            }
        }

        return written;
    }

    private static bool TryWriteLiteral(ReadOnlySpan<byte> literal, Span<byte> target, ref int written)
    {
        if (target.Length - written < literal.Length + 3)
        {
            return false;
        }

        int length = literal.Length - 1;
        if (length < 60)
        {
            target[written++] = (byte)(length << 2);
        }
        else if (length < 256)
        {
            target[written++] = 60 << 2;
            target[written++] = (byte)length;
        }
        else
        {
            target[written++] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(target[written..], (ushort)length);
            written += 2;
        }

        literal.CopyTo(target[written..]);
        written += literal.Length;
        return true;
    }

    private static bool TryWriteMatch(int distance, int length, Span<byte> target, ref int written)
    {
        // A copy has at most 64 bytes, and the last should not be too short to be a short copy.
        if (target.Length - written < ((length / 60) * 3) + 3)
        {
            return false;
        }

        for (; length >= 68; length -= 64)
        {
            WriteFarCopy(distance, 64, target, ref written);
        }

        if (length > 64)
        {
            WriteFarCopy(distance, 60, target, ref written);
            length -= 60;
        }

        if (length < 12 && distance < 2048)
        {
            target[written++] = (byte)(1 | ((length - 4) << 2) | ((distance >> 8) << 5));
            target[written++] = (byte)distance;
        }
        else
        {
            WriteFarCopy(distance, length, target, ref written);
        }

        return true;
    }

    private static void WriteFarCopy(int distance, int length, Span<byte> target, ref int written)
    {
        target[written] = (byte)(2 | ((length - 1) << 2));
        BinaryPrimitives.WriteUInt16LittleEndian(target[(written + 1)..], (ushort)distance);
        written += 3;
    }

    private static int MatchLength(ref byte start, int position, int earlier, int end)
    {
        int length = 4;

        // Safety: both loads end at or before the end of the fragment; earlier lies below position.
        while (position + length + 8 <= end)
        {
            ulong difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position + length))
                ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, earlier + length));
            if (difference != 0)
            {
                return length + (BitOperations.TrailingZeroCount(difference) >> 3);
            }

            length += 8;
        }

        while (position + length < end
            && Unsafe.Add(ref start, position + length) == Unsafe.Add(ref start, earlier + length))
        {
            length++;
        }

        return length;
    }

    // Safety: the caller's position is at least four bytes before the end of the fragment.
    private static uint Load32(ref byte start, int position) =>
        Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, position));

    private static int Hash(uint word) => (int)((word * 0x1e35a7bdu) >> (32 - TableBits));

    private bool TryCompressFragment(ReadOnlySpan<byte> fragment, Span<byte> target, ref int written)
    {
        if (_epoch > int.MaxValue - (2 * MaxFragment))
        {
            Array.Clear(_table);
            _epoch = 1;
        }

        // Positions in the table count from the epoch; those below it are of fragments that are gone.
        int epoch = _epoch;
        _epoch += fragment.Length;
        ref byte start = ref MemoryMarshal.GetReference(fragment);
        ref int table = ref MemoryMarshal.GetArrayDataReference(_table);
        int searchEnd = fragment.Length - Tail;
        int firstLiteral = 0;
        int position = 1;
        int misses = 32;
        while (position < searchEnd)
        {
            uint word = Load32(ref start, position);

            // Safety: a hash has TableBits bits, and the table has an entry for each.
            ref int entry = ref Unsafe.Add(ref table, Hash(word));
            int earlier = Math.Max(0, entry - epoch);
            entry = epoch + position;
            if (word != Load32(ref start, earlier))
            {
                // The longer nothing matched, the larger the steps.
                position += misses++ >> 5;
                continue;
            }

            if (position > firstLiteral
                && !TryWriteLiteral(fragment[firstLiteral..position], target, ref written))
            {
                return false;
            }

            int length = MatchLength(ref start, position, earlier, fragment.Length);
            if (!TryWriteMatch(position - earlier, length, target, ref written))
            {
                return false;
            }

            position += length;
            firstLiteral = position;
            misses = 32;
            if (position < searchEnd)
            {
                // The byte before a match's end is often where the next one begins.
                Unsafe.Add(ref table, Hash(Load32(ref start, position - 1))) = epoch + position - 1;
            }
        }

        return firstLiteral == fragment.Length
            || TryWriteLiteral(fragment[firstLiteral..], target, ref written);
    }
}
