using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lifeboat.Core.Compression;

/// <summary>Finds earlier occurrences of the bytes at a position, through chains of positions of equal hash.</summary>
internal sealed class MatchFinder
{
    private const int TableBits = 13;
    private const int MaxChain = 5;
    private const int LongEnough = 24;

    // Positions count from the epoch, so that the table need not be cleared for every source.
    private readonly int[] _heads = new int[1 << TableBits];
    private int[] _earlier = [];
    private int _epoch = 1;
    private int _length;

    internal void Start(int length)
    {
        if (_epoch > int.MaxValue - (4 * length))
        {
            Array.Clear(_heads);
            _epoch = 1;
        }
        else
        {
            _epoch += _length;
        }

        _length = length;
        if (_earlier.Length < length)
        {
            _earlier = new int[length];
        }
    }

    /// <summary>Notes a position, four bytes or more before the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Insert(ReadOnlySpan<byte> source, int position)
    {
        ref int head = ref Head(source, position);
        _earlier[position] = head - _epoch;
        head = position + _epoch;
    }

    /// <summary>The longest match found at a position, which is noted; its length is 0 when there is none.</summary>
    internal int Find(ReadOnlySpan<byte> source, int position, out int distance)
    {
        Insert(source, position);
        distance = 0;
        int best = DeflateTables.MinMatch - 1;
        int most = Math.Min(DeflateTables.MaxMatch, source.Length - position);
        int candidate = _earlier[position];
        for (int tries = MaxChain; tries > 0 && candidate >= 0; tries--)
        {
            if (position - candidate > DeflateTables.MaxDistance)
            {
                break;
            }

            if (best < most && source[candidate + best] == source[position + best])
            {
                int length = CommonLength(source, position, candidate, most);
                if (length > best)
                {
                    best = length;
                    distance = position - candidate;
                    if (length >= LongEnough)
                    {
                        break;
                    }
                }
            }

            candidate = _earlier[candidate];
        }

        return distance == 0 ? 0 : best;
    }

    private static int CommonLength(ReadOnlySpan<byte> source, int position, int earlier, int most)
    {
        // Safety: position + most is at most the source's length, and earlier lies below position.
        ref byte start = ref MemoryMarshal.GetReference(source);
        int length = 0;
        for (; length + 8 <= most; length += 8)
        {
            ulong difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position + length))
                ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, earlier + length));
            if (difference != 0)
            {
                return length + (BitOperations.TrailingZeroCount(difference) >> 3);
            }
        }

        while (length < most && source[position + length] == source[earlier + length])
        {
            length++;
        }

        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int Head(ReadOnlySpan<byte> source, int position)
    {
        // Safety: the caller's position is four bytes or more before the end; a hash has TableBits bits.
        uint word = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(source), position));
        uint hash = ((word << 8) * 0x9e3779b1u) >> (32 - TableBits);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_heads), (nint)hash);
    }
}
