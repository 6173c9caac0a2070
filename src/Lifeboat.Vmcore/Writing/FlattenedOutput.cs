using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;

namespace Lifeboat.Vmcore.Writing;

/// <summary>A dump as a stream of records, for a pipe: <c>makedumpfile -F</c>.</summary>
internal sealed class FlattenedOutput : DumpOutput
{
    private readonly Stream _stream;

    internal FlattenedOutput(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[FlattenedHeader.Size];
        FlattenedHeader.Current.WriteTo(header);
        stream.Write(header);
    }

    internal override bool CanRead => false;

    internal override void WriteAt(FileOffset offset, ReadOnlySpan<byte> bytes)
    {
        // A record of no bytes says nothing; what no record has reads as zeros.
        if (!bytes.IsEmpty)
        {
            WriteRecord(new FlattenedRecord((long)offset.Value, bytes.Length));
            _stream.Write(bytes);
        }
    }

    internal override void ReadAt(FileOffset offset, Span<byte> destination) =>
        throw new InvalidOperationException("a stream cannot be read back");

    internal override void SetLength(ByteCount length)
    {
        // The last byte alone tells the length; what is written there later wins.
        if (length != ByteCount.Zero)
        {
            WriteAt(new FileOffset(length.Value - 1), [0]);
        }
    }

    internal override void Sync() => _stream.Flush();

    internal override void Finish()
    {
        WriteRecord(FlattenedRecord.End);
        _stream.Flush();
    }

    public override void Dispose()
    {
        // The stream is the caller's.
    }

    private void WriteRecord(FlattenedRecord record)
    {
        Span<byte> bytes = stackalloc byte[FlattenedRecord.Size];
        record.WriteTo(bytes);
        _stream.Write(bytes);
    }
}
