using System.Buffers.Binary;
using System.Numerics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>A bitmap in a file, a bit a page, the lowest first; read a block at a time.</summary>
/// <remarks><para>What the file does not have of it reads as zeros.</para></remarks>
internal sealed class PageBitmap(IRandomAccessFile file, ulong offset, ulong bitCount)
{
    internal const int BlockBytes = 4096;
    internal const int BlockBits = BlockBytes * 8;

    private readonly byte[] _block = new byte[BlockBytes];
    private ulong _blockNumber = ulong.MaxValue;

    internal ulong BitCount => bitCount;

    internal ulong BlockCount => (bitCount + BlockBits - 1) / BlockBits;

    internal bool this[ulong bit]
    {
        get
        {
            if (bit >= bitCount)
            {
                return false;
            }

            ReadOnlySpan<byte> block = GetBlock(bit / BlockBits);
            int within = (int)(bit % BlockBits);
            return (block[within >> 3] & (1 << (within & 7))) != 0;
        }
    }

    /// <summary>The bits set in a block, counted up to <paramref name="end"/> bits into it.</summary>
    internal int CountBits(ulong blockNumber, int end)
    {
        ReadOnlySpan<byte> block = GetBlock(blockNumber);
        int count = 0;
        int position = 0;
        for (; position + 64 <= end; position += 64)
        {
            count += BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(block[(position >> 3)..]));
        }

        for (; position < end; position++)
        {
            count += (block[position >> 3] >> (position & 7)) & 1;
        }

        return count;
    }

    /// <summary>
    /// Block <paramref name="number"/>, its bits beyond the last page cleared; valid until the next call.
    /// </summary>
    internal ReadOnlySpan<byte> GetBlock(ulong number)
    {
        if (number != _blockNumber)
        {
            int read = file.Read(new FileOffset(offset + (number * BlockBytes)), _block, out _);
            _block.AsSpan(read).Clear();
            _blockNumber = number;
            ulong bitsHere = bitCount - (number * BlockBits);
            if (bitsHere < BlockBits)
            {
                int bits = (int)bitsHere;
                _block.AsSpan((bits + 7) >> 3).Clear();
                if ((bits & 7) != 0)
                {
                    _block[bits >> 3] &= (byte)((1 << (bits & 7)) - 1);
                }
            }
        }

        return _block;
    }
}
