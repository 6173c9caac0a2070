using System.Buffers.Binary;

namespace Lifeboat.Vmcore.Flattened;

/// <summary>
/// What stands before each piece of a flattened dump (<c>struct makedumpfile_data_header</c>, makedumpfile.h): where
/// the piece belongs and how long it is, big endian.
/// </summary>
internal readonly record struct FlattenedRecord(long Offset, long Length)
{
    internal const int Size = 16;

    /// <summary>The record after the last piece.</summary>
    internal static FlattenedRecord End => new(-1, -1);

    /// <summary>Whether there can be such a piece.</summary>
    internal bool IsValid => Offset >= 0 && Length >= 0 && Length <= long.MaxValue - Offset;

    internal static FlattenedRecord Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));

    internal void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, Offset);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Length);
    }
}
