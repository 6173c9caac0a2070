using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression;

/// <summary>Takes bits from bytes, the lowest first. What lies beyond the end reads as zeros and cannot be taken.</summary>
internal ref struct DeflateBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;
    private ulong _bits;
    private int _count;

    /// <summary>Sees to it that 32 bits are there, unless the bytes end before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Refill()
    {
        if (_count >= 32)
        {
            return;
        }

        if (_bytes.Length - _position >= 4)
        {
            _bits |= (ulong)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[_position..]) << _count;
            _position += 4;
            _count += 32;
            return;
        }

        for (; _count < 32 && _position < _bytes.Length; _count += 8)
        {
            _bits |= (ulong)_bytes[_position++] << _count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly uint Peek(int count) => (uint)_bits & ((1u << count) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TrySkip(int count)
    {
        _bits >>= count;
        _count -= count;
        return _count >= 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryRead(int count, out int value)
    {
        Refill();
        value = (int)Peek(count);
        return TrySkip(count);
    }

    /// <summary>Goes on at the next whole byte, and takes so many of them.</summary>
    internal bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        int start = _position - (_count >> 3);
        if (count > _bytes.Length - start)
        {
            return false;
        }

        bytes = _bytes.Slice(start, count);
        _position = start + count;
        (_bits, _count) = (0, 0);
        return true;
    }
}
