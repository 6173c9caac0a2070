using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Lifeboat.Core.Compression;

/// <summary>Writes bits into bytes, the lowest first; what does not fit is lost and remembered.</summary>
internal ref struct DeflateWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private ulong _bits;
    private int _count;

    /// <summary>Whole bytes written.</summary>
    internal int Length { get; private set; }

    /// <summary>Whether the target was too short.</summary>
    internal bool IsFull { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(uint bits, int count)
    {
        _bits |= (ulong)bits << _count;
        _count += count;
        if (_count >= 32)
        {
            WriteWord();
        }
    }

    /// <summary>Fills the last byte with zeros.</summary>
    internal void Align()
    {
        for (; _count > 0; _count -= 8)
        {
            WriteByte((byte)_bits);
            _bits >>= 8;
        }

        _count = 0;
    }

    /// <summary>Writes whole bytes; the writer must stand at one.</summary>
    internal void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _target.Length - Length)
        {
            IsFull = true;
            return;
        }

        bytes.CopyTo(_target[Length..]);
        Length += bytes.Length;
    }

    private void WriteWord()
    {
        if (_target.Length - Length >= 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_target[Length..], (uint)_bits);
            Length += 4;
        }
        else
        {
            IsFull = true;
        }

        _bits >>= 32;
        _count -= 32;
    }

    private void WriteByte(byte value)
    {
        if (Length < _target.Length)
        {
            _target[Length++] = value;
        }
        else
        {
            IsFull = true;
        }
    }
}
