using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>One line of a console block.</summary>
/// <remarks>
/// <code>
///  0  u32  number of the block
///  4  u16  number of the chunk in the block, from 0
///  6  u8   number of this record in the chunk; the one after the last is the parity, all others XORed
///  7  u8   records of the chunk, without the parity
///  8       42 bytes of the chunk, zeros after its end
/// 50  u32  CRC-32 of the 50 bytes
/// </code>
/// Little-endian.
/// </remarks>
internal readonly struct ConsoleRecord(uint block, int chunk, int line, int count, byte[] data)
{
    private const int DataOffset = 8;
    private const int ChecksumOffset = DataOffset + ConsoleBlockFormat.DataBytes;

    internal uint Block { get; } = block;

    internal int Chunk { get; } = chunk;

    internal int Line { get; } = line;

    internal int Count { get; } = count;

    internal byte[] Data { get; } = data;

    /// <summary>Reads the 72 characters after a line's start; false when the checksum is not theirs.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> characters, out ConsoleRecord record)
    {
        record = default;
        Span<byte> bytes = stackalloc byte[ConsoleBlockFormat.RecordBytes];
        if (characters.Length != ConsoleBlockFormat.RecordCharacters
            || UnpaddedBase64.Decode(characters, bytes, isUrl: true) != bytes.Length
            || Crc32.Compute(bytes[..ChecksumOffset]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]))
        {
            return false;
        }

        record = new ConsoleRecord(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
            bytes[6],
            bytes[7],
            bytes[DataOffset..ChecksumOffset].ToArray());
        return record.Count > 0 && record.Line <= record.Count && record.Chunk < ConsoleBlockFormat.MaxChunks;
    }

    /// <summary>The record as a line of text, without a line end.</summary>
    internal string ToLine()
    {
        Span<byte> bytes = stackalloc byte[ConsoleBlockFormat.RecordBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Block);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], checked((ushort)Chunk));
        bytes[6] = checked((byte)Line);
        bytes[7] = checked((byte)Count);
        Data.CopyTo(bytes[DataOffset..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], Crc32.Compute(bytes[..ChecksumOffset]));
        Span<byte> text = stackalloc byte[ConsoleBlockFormat.RecordCharacters];
        UnpaddedBase64.Encode(bytes, text, isUrl: true);
        return ConsoleBlockFormat.Start + Encoding.ASCII.GetString(text);
    }
}
