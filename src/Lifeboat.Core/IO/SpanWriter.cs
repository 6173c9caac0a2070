using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Core.IO;

/// <summary>A cursor that writes little-endian values into a span the caller has sized.</summary>
public ref struct SpanWriter
{
    private readonly Span<byte> _bytes;
    private int _position;

    /// <summary>A cursor at the start of <paramref name="bytes"/>.</summary>
    public SpanWriter(Span<byte> bytes)
    {
        _bytes = bytes;
        _position = 0;
    }

    /// <summary>Bytes from the start to the cursor. May be set to any place within the span.</summary>
    public int Position
    {
        readonly get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(unchecked((uint)value), (uint)_bytes.Length, nameof(value));
            _position = value;
        }
    }

    /// <summary>Writes one byte.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is full; so for every write below.</exception>
    public void WriteByte(byte value) => Take(1)[0] = value;

    /// <summary>Writes 2 bytes.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    /// <summary>Writes 4 bytes.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    /// <summary>Writes 4 bytes of a signed number.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    /// <summary>Writes 8 bytes.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    /// <summary>Writes 8 bytes of a signed number.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>Writes <paramref name="bytes"/> as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Writes <paramref name="text"/> in UTF-8, then zeros up to <paramref name="length"/> bytes; cuts what is longer.</summary>
    public void WritePaddedText(string text, int length)
    {
        Span<byte> field = Take(length);
        field.Clear();
        ReadOnlySpan<byte> encoded = Encoding.UTF8.GetBytes(text);
        encoded[..Math.Min(encoded.Length, length)].CopyTo(field);
    }

    private Span<byte> Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _position);
        Span<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }
}
