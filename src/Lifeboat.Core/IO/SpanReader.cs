using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Lifeboat.Core.IO;

/// <summary>A cursor over little-endian bytes: one bounds check a read, and the throw out of line.</summary>
public ref struct SpanReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    /// <summary>A cursor at the start of <paramref name="bytes"/>.</summary>
    public SpanReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _position = 0;
    }

    /// <summary>Bytes from the start to the cursor.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes from the cursor to the end.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>The next byte.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes are left; so for every read below.</exception>
    public byte ReadByte() => Take(1)[0];

    /// <summary>The next 2 bytes as a number.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>The next 4 bytes as a number.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>The next 4 bytes as a signed number.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>The next 8 bytes as a number.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>The next 8 bytes as a signed number.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>The next <paramref name="count"/> bytes, not copied.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    /// <summary>Moves the cursor on by <paramref name="count"/> bytes.</summary>
    public void Skip(int count) => Take(count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count)
    {
        if (unchecked((uint)count) > (uint)(_bytes.Length - _position))
        {
            ThrowEnd(count);
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    [DoesNotReturn]
    private readonly void ThrowEnd(int count) =>
        throw new EndOfStreamException($"{count} bytes wanted at 0x{_position:x}, {Remaining} left");
}
