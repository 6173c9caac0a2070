using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Streams;

/// <summary>
/// Reads a crash stream, which may be anything: gives the files that are there, up to where it was cut or cannot be read.
/// </summary>
/// <remarks>
/// <para><b>Memory.</b> One record, at most a MiB.</para>
/// <para><b>Thread safety.</b> One thread.</para>
/// </remarks>
public sealed class CrashStreamReader
{
    private const int MaxFiles = 1024;

    private readonly Stream _source;
    private readonly string _name;
    private readonly DumpLimits _limits;
    private byte[] _content = new byte[64 << 10];
    private ArrivingFileStream? _file;
    private Sha256 _hash = new();
    private long _fileLength;
    private bool _isFileDamaged;
    private uint _number;
    private int _files;

    private CrashStreamReader(Stream source, string name, CrashStreamHeader header, int headerSize, DumpLimits limits)
    {
        _source = source;
        _name = name;
        _limits = limits;
        Header = header;
        Position = headerSize;
    }

    /// <summary>Which crash it is of.</summary>
    public CrashStreamHeader Header { get; }

    /// <summary>Bytes read.</summary>
    public long Position { get; private set; }

    /// <summary>What the stream says at its end: whether everything was saved; null when it does not come to that.</summary>
    public bool? IsComplete { get; private set; }

    /// <summary>Why it could not be read to its end; null when it could, or as long as it can.</summary>
    public Diagnostic? Problem { get; private set; }

    /// <summary>Told the bytes read after each record; what it throws ends the reading.</summary>
    public Action<long>? Progress { get; set; }

    /// <summary>Whether bytes begin as a crash stream does.</summary>
    public static bool IsCrashStream(ReadOnlySpan<byte> start) => CrashStreamHeader.SizeOf(start) >= 0;

    /// <summary>Reads the stream's header.</summary>
    /// <param name="source">The stream; stays the caller's.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">It is no crash stream.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CrashStreamReader Open(Stream source, string name, DumpLimits? limits = null)
    {
        byte[] bytes = new byte[CrashStreamHeader.MaxSize];
        int read = source.ReadAtLeast(bytes.AsSpan(0, CrashStreamHeader.FixedSize), CrashStreamHeader.FixedSize, throwOnEndOfStream: false);
        int size = CrashStreamHeader.SizeOf(bytes.AsSpan(0, read));
        if (size >= 0)
        {
            Span<byte> rest = bytes.AsSpan(read, size - read);
            if (source.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) == rest.Length
                && CrashStreamHeader.Parse(bytes.AsSpan(0, size)) is { } header)
            {
                return new CrashStreamReader(source, name, header, size, limits ?? DumpLimits.Default);
            }
        }

        throw new DumpFormatException(new Diagnostic(CaptureDiagnostics.NoCrashStream, "There is no crash here")
        {
            Where = name,
            Found = read == 0 ? "nothing" : Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(read, 16))),
            Expected = "the header of a crash stream, as lifeboat writes it to a disk without a filesystem or through ssh",
        });
    }

    /// <summary>The next file; what was left of the one before is read over. Null when nothing more can be had.</summary>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public ArrivingFileStream? NextFile()
    {
        _file?.Drain();
        while (IsComplete is null && TryReadRecord(out CrashRecordHeader record))
        {
            ReadOnlySpan<byte> content = _content.AsSpan(0, (int)record.Length);
            if (IsDamaged(record) || record.Kind is not (CrashRecordKind.Begin or CrashRecordKind.Publish))
            {
                Tell("a record is damaged, or not where it can be", $"record {record.Number} of kind {(uint)record.Kind}");
            }
            else if (record.Kind == CrashRecordKind.Publish)
            {
                IsComplete = content is [1];
            }
            else if (++_files > MaxFiles)
            {
                Tell("there are more files than are believed", $"more than {MaxFiles} files");
            }
            else
            {
                return _file = Begin(content);
            }
        }

        return null;
    }

    /// <summary>More of the open file; empty at its end, when its state is known.</summary>
    internal ReadOnlyMemory<byte> NextPiece(ArrivingFileStream file)
    {
        while (file == _file && file.State == CrashFileState.Open)
        {
            if (!TryReadRecord(out CrashRecordHeader record))
            {
                End(file, CrashFileState.Cut);
            }
            else if (record.Kind == CrashRecordKind.Data)
            {
                // The header is right, so the next one is where it says, whatever became of these bytes.
                _isFileDamaged |= IsDamaged(record);
                ReadOnlyMemory<byte> piece = _content.AsMemory(0, (int)record.Length);
                _hash.Append(piece.Span);
                _fileLength += piece.Length;
                if (!piece.IsEmpty)
                {
                    return piece;
                }
            }
            else if (record.Kind == CrashRecordKind.End && !IsDamaged(record) && record.Length == 4 + 8 + Sha256.DigestSize)
            {
                var reader = new SpanReader(_content);
                bool isWhole = reader.ReadUInt32() == 1;
                bool agrees = reader.ReadInt64() == _fileLength && !_isFileDamaged;
                byte[] digest = reader.ReadBytes(Sha256.DigestSize).ToArray();
                byte[] found = End(file, isWhole ? CrashFileState.Whole : CrashFileState.GivenUp);
                if (isWhole && !(agrees && found.AsSpan().SequenceEqual(digest)))
                {
                    file.State = CrashFileState.Damaged;
                }
            }
            else
            {
                Tell("a record is damaged, or not where it can be", $"record {record.Number} of kind {(uint)record.Kind}");
                End(file, CrashFileState.Cut);
            }
        }

        return default;
    }

    private ArrivingFileStream Begin(ReadOnlySpan<byte> content)
    {
        string name = Encoding.UTF8.GetString(content);
        (_hash, _fileLength, _isFileDamaged) = (new Sha256(), 0, false);
        return new ArrivingFileStream(this, CrashFileName.IsPlain(name) ? name : $"file-{_files}");
    }

    private byte[] End(ArrivingFileStream file, CrashFileState state)
    {
        byte[] digest = _hash.Finish();
        file.State = state;
        file.Sha256 = Convert.ToHexStringLower(digest);
        return digest;
    }

    private bool IsDamaged(CrashRecordHeader record) => Crc32C.Compute(_content.AsSpan(0, (int)record.Length)) != record.Checksum;

    // The next record that is no padding, its content in _content; false when there is none.
    private bool TryReadRecord(out CrashRecordHeader record)
    {
        record = default;
        Span<byte> bytes = stackalloc byte[CrashRecordHeader.Size];
        while (Problem is null)
        {
            int read = _source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read < bytes.Length)
            {
                Tell("the stream ends early", $"{read} bytes of a record");
            }
            else if (!CrashRecordHeader.TryParse(bytes, out record) || record.StreamId != Header.Id || record.Number != _number)
            {
                Tell("the stream ends early: what follows is no record of it", Convert.ToHexStringLower(bytes[..16]));
            }
            else if (Position > _limits.MaxStreamBytes)
            {
                Tell("the stream goes on for longer than is believed", $"more than {new ByteCount((ulong)_limits.MaxStreamBytes)}");
            }
            else if (ReadContent((int)record.Length))
            {
                _number++;
                Position += CrashRecordHeader.Size + record.Length;
                Progress?.Invoke(Position);
                if (record.Kind != CrashRecordKind.Padding)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool ReadContent(int length)
    {
        if (_content.Length < length)
        {
            _content = new byte[CrashRecordHeader.MaxLength];
        }

        int read = _source.ReadAtLeast(_content.AsSpan(0, length), length, throwOnEndOfStream: false);
        if (read < length)
        {
            Tell("the stream ends early", $"{read} of {length} bytes of a record");
        }

        return read == length;
    }

    private void Tell(string what, string found) => Problem ??= new Diagnostic(CaptureDiagnostics.CrashStreamCut, what)
    {
        Where = $"{_name}, {new FileOffset((ulong)Position)}",
        Found = found,
        Remedy = "What came before it is kept",
    };
}
