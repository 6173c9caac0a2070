using System.Buffers.Binary;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>The header of a chunk; the packed bytes, one zstd frame, follow it.</summary>
/// <remarks>
/// <code>
///  0  u8   kind
///  1  u8   number of the file, from 0
///  2  u16  packed bytes
///  4  u32  offset of the piece in the file
///  8  u32  bytes unpacked
/// </code>
/// Little-endian.
/// </remarks>
internal readonly struct ConsoleChunk(ConsoleChunkKind kind, byte file, int offset, int rawLength, int packedLength)
{
    internal const int Size = 12;

    internal ConsoleChunkKind Kind { get; } = kind;

    internal byte File { get; } = file;

    internal int Offset { get; } = offset;

    internal int RawLength { get; } = rawLength;

    internal int PackedLength { get; } = packedLength;

    /// <summary>Reads a header; false when it claims what no writer writes.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> chunk, out ConsoleChunk header)
    {
        header = default;
        if (chunk.Length < Size)
        {
            return false;
        }

        int packed = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        uint raw = BinaryPrimitives.ReadUInt32LittleEndian(chunk[8..]);
        if (chunk[0] is < (byte)ConsoleChunkKind.Header or > (byte)ConsoleChunkKind.End
            || packed > chunk.Length - Size
            || raw > ConsoleBlockFormat.PieceBytes
            || offset > int.MaxValue - ConsoleBlockFormat.PieceBytes)
        {
            return false;
        }

        header = new ConsoleChunk((ConsoleChunkKind)chunk[0], chunk[1], (int)offset, (int)raw, packed);
        return true;
    }

    internal void WriteTo(Span<byte> target)
    {
        target[0] = (byte)Kind;
        target[1] = File;
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], checked((ushort)PackedLength));
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], Offset);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], RawLength);
    }
}
