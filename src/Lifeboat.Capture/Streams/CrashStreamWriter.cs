using System.Text;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;

namespace Lifeboat.Capture.Streams;

/// <summary>Writes the files of one crash as one stream of records (docs/formats.md), to be read by <see cref="CrashStreamReader"/>.</summary>
/// <remarks>
/// <para><b>Ownership.</b> The stream that it writes to stays the caller's.</para>
/// <para><b>Thread safety.</b> One thread.</para>
/// </remarks>
public sealed class CrashStreamWriter
{
    // Small enough for a capture kernel's memory, large enough that the headers cost nothing.
    private const int ChunkSize = 256 << 10;

    private readonly Stream _stream;
    private readonly long _id;
    private readonly byte[] _chunk = new byte[CrashRecordHeader.Size + ChunkSize];
    private Sha256 _hash = new();
    private byte[]? _digest;
    private string? _name;
    private int _pending;
    private uint _number;

    /// <summary>Begins a stream: writes its header.</summary>
    /// <exception cref="IOException">It cannot be written; so for every call below.</exception>
    public CrashStreamWriter(Stream stream, CrashStreamHeader header)
    {
        _stream = stream;
        _id = header.Id;
        byte[] bytes = header.ToBytes();
        stream.Write(bytes);
        Length = bytes.Length;
    }

    /// <summary>Bytes of the stream so far.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of the open file so far.</summary>
    public long FileLength { get; private set; }

    /// <summary>Begins a file.</summary>
    /// <param name="name">A plain name: letters, digits, dots, dashes, underscores.</param>
    public void BeginFile(string name)
    {
        if (!CrashFileName.IsPlain(name))
        {
            throw new ArgumentException($"'{name}' is no plain name of a file", nameof(name));
        }

        if (_name is not null)
        {
            throw new InvalidOperationException($"{_name} has not ended");
        }

        WriteRecord(CrashRecordKind.Begin, Encoding.UTF8.GetBytes(name));
        (_name, FileLength, _hash, _digest, _pending) = (name, 0, new Sha256(), null, 0);
    }

    /// <summary>Adds to the open file.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        while (bytes.Length > 0)
        {
            int taken = Math.Min(bytes.Length, ChunkSize - _pending);
            FileLength += taken;
            bytes[..taken].CopyTo(_chunk.AsSpan(CrashRecordHeader.Size + _pending));
            _pending += taken;
            bytes = bytes[taken..];
            if (_pending == ChunkSize)
            {
                WriteChunk();
            }
        }
    }

    /// <summary>Ends the open file; when the stream refuses that, the file is still open and can be ended as one that is not whole.</summary>
    /// <param name="isWhole">Whether it has all that it was to have.</param>
    /// <returns>The file as the stream has it.</returns>
    public StoredFile EndFile(bool isWhole)
    {
        string name = _name ?? throw new InvalidOperationException("no file is open");
        byte[] digest = _digest ??= _hash.Finish();
        WriteChunk();
        byte[] content = new byte[4 + 8 + Sha256.DigestSize];
        var writer = new SpanWriter(content);
        writer.WriteUInt32(isWhole ? 1u : 0);
        writer.WriteUInt64((ulong)FileLength);
        writer.WriteBytes(digest);
        WriteRecord(CrashRecordKind.End, content);
        _name = null;
        return new StoredFile(name, FileLength, Convert.ToHexStringLower(digest));
    }

    /// <summary>Says that nothing follows.</summary>
    public void Publish(bool isComplete) => WriteRecord(CrashRecordKind.Publish, [isComplete ? (byte)1 : (byte)0]);

    /// <summary>Makes the stream's length a multiple of a block's.</summary>
    public void Pad(int block)
    {
        int over = (int)((Length + CrashRecordHeader.Size) % block);
        if (Length % block != 0)
        {
            WriteRecord(CrashRecordKind.Padding, new byte[over == 0 ? 0 : block - over]);
        }
    }

    private void WriteChunk()
    {
        if (_pending > 0)
        {
            ReadOnlySpan<byte> content = _chunk.AsSpan(CrashRecordHeader.Size, _pending);
            HeaderOf(CrashRecordKind.Data, content).WriteTo(_chunk);
            Put(_chunk.AsSpan(0, CrashRecordHeader.Size + _pending));
            _pending = 0;
        }
    }

    private void WriteRecord(CrashRecordKind kind, ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[CrashRecordHeader.Size + content.Length];
        HeaderOf(kind, content).WriteTo(record);
        content.CopyTo(record.AsSpan(CrashRecordHeader.Size));
        Put(record);
    }

    private CrashRecordHeader HeaderOf(CrashRecordKind kind, ReadOnlySpan<byte> content) =>
        new(kind, _id, _number, (uint)content.Length, Crc32C.Compute(content));

    private void Put(ReadOnlySpan<byte> record)
    {
        // A record that the stream refuses was not written: what is written instead takes its number.
        _stream.Write(record);
        _number++;
        Length += record.Length;
    }
}
