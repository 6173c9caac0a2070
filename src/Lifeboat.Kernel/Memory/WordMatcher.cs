using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lifeboat.Kernel.Memory;

/// <summary>Finds words of 2, 4 or 8 bytes in memory, many at a time.</summary>
internal sealed class WordMatcher
{
    private const int Row = 4; // vectors looked at before a branch

    private readonly ulong[] _values;
    private readonly Vector<ulong>[] _wanted;
    private readonly Vector<ulong> _kept;
    private readonly ulong _mask;

    /// <exception cref="ArgumentException">There are no values, or not of such a size.</exception>
    internal WordMatcher(IReadOnlyList<ulong> values, int size, ulong ignored)
    {
        if (values.Count == 0 || size is not (2 or 4 or 8))
        {
            throw new ArgumentException("words of 2, 4 or 8 bytes", nameof(values));
        }

        Size = size;
        _mask = ~ignored & (ulong.MaxValue >> (64 - (size * 8)));
        _kept = new Vector<ulong>(Repeat(_mask));
        _values = new ulong[values.Count];
        _wanted = new Vector<ulong>[values.Count];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = values[i] & _mask;
            _wanted[i] = new Vector<ulong>(Repeat(_values[i]));
            FindsZero |= _values[i] == 0;
        }
    }

    /// <summary>Bytes of a word.</summary>
    internal int Size { get; }

    /// <summary>Whether a word of zeros is one that is wanted.</summary>
    internal bool FindsZero { get; }

    /// <summary>The word that stands at the start.</summary>
    internal ulong Read(ReadOnlySpan<byte> bytes) => Size switch
    {
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };

    /// <summary>Where the first such word is; below zero when there is none.</summary>
    internal int IndexIn(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector<ulong>> vectors = MemoryMarshal.Cast<byte, Vector<ulong>>(bytes);
        int step = Row * Vector<byte>.Count;
        int from = 0;
        for (int i = 0; i + Row <= vectors.Length; i += Row, from += step)
        {
            if (HasAny(vectors.Slice(i, Row)) && FirstIn(bytes.Slice(from, step)) is >= 0 and var found)
            {
                return from + found;
            }
        }

        int last = FirstIn(bytes[from..]);
        return last < 0 ? last : from + last;
    }

    private bool HasAny(ReadOnlySpan<Vector<ulong>> row)
    {
        Vector<ulong> any = Vector<ulong>.Zero;
        for (int i = 0; i < _wanted.Length; i++)
        {
            Vector<ulong> wanted = _wanted[i];
            any |= Same(row[0], wanted) | Same(row[1], wanted) | Same(row[2], wanted) | Same(row[3], wanted);
        }

        return any != Vector<ulong>.Zero;
    }

    private Vector<ulong> Same(Vector<ulong> memory, Vector<ulong> wanted)
    {
        Vector<ulong> words = memory & _kept;
        return Size switch
        {
            8 => Vector.Equals(words, wanted),
            4 => Vector.AsVectorUInt64(Vector.Equals(Vector.AsVectorUInt32(words), Vector.AsVectorUInt32(wanted))),
            _ => Vector.AsVectorUInt64(Vector.Equals(Vector.AsVectorUInt16(words), Vector.AsVectorUInt16(wanted))),
        };
    }

    private int FirstIn(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at + Size <= bytes.Length; at += Size)
        {
            ulong word = Read(bytes[at..]) & _mask;
            for (int i = 0; i < _values.Length; i++)
            {
                if (word == _values[i])
                {
                    return at;
                }
            }
        }

        return -1;
    }

    private ulong Repeat(ulong value) => Size switch
    {
        2 => value * 0x0001_0001_0001_0001,
        4 => value * 0x0000_0001_0000_0001,
        _ => value,
    };
}
