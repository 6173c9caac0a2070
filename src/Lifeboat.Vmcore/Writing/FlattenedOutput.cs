using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;

namespace Lifeboat.Vmcore.Writing;

/// <summary>A dump as a stream of records, for a pipe: <c>makedumpfile -F</c>.</summary>
internal sealed class FlattenedOutput : DumpOutput
{
    private readonly Stream _stream;
    private readonly ByteCount? _maxSize;
    private ulong _written = FlattenedHeader.Size;

    internal FlattenedOutput(Stream stream, ByteCount? maxSize = null)
    {
        _stream = stream;
        _maxSize = maxSize;
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
            _written += FlattenedRecord.Size + (ulong)bytes.Length;
            SizeLimit.Check(_written, _maxSize, path: null);
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
