using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;

namespace Lifeboat.Capture.Streams;

/// <summary>What stands before each record's content (docs/formats.md).</summary>
internal readonly record struct CrashRecordHeader(CrashRecordKind Kind, long StreamId, uint Number, uint Length, uint Checksum)
{
    /// <summary>Bytes of the header.</summary>
    internal const int Size = 32;

    /// <summary>The most bytes of content that are believed.</summary>
    internal const int MaxLength = 1 << 20;

    private const uint Magic = 0x4352424C; // "LBRC"

    /// <summary>Reads one; false when it is none, damaged, or longer than is believed.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> bytes, out CrashRecordHeader header)
    {
        var reader = new SpanReader(bytes);
        uint magic = reader.ReadUInt32();
        header = new CrashRecordHeader(
            (CrashRecordKind)reader.ReadUInt32(), reader.ReadInt64(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        return magic == Magic && header.Length <= MaxLength && reader.ReadUInt32() == Crc32C.Compute(bytes[..(Size - 4)]);
    }

    /// <summary>Writes it to the first bytes of a span.</summary>
    internal void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteUInt32(Magic);
        writer.WriteUInt32((uint)Kind);
        writer.WriteUInt64(unchecked((ulong)StreamId));
        writer.WriteUInt32(Number);
        writer.WriteUInt32(Length);
        writer.WriteUInt32(Checksum);
        writer.WriteUInt32(Crc32C.Compute(bytes[..(Size - 4)]));
    }
}
