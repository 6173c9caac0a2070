using System.Text;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;

namespace Lifeboat.Capture.Streams;

/// <summary>The first bytes of a crash stream (docs/formats.md): which crash it is of, and a number that its records repeat.</summary>
public sealed class CrashStreamHeader
{
    /// <summary>Bytes before the host's name.</summary>
    internal const int FixedSize = 32;

    /// <summary>Bytes of the host's name at most.</summary>
    internal const int MaxHostBytes = 255;

    /// <summary>Bytes after the host's name: a checksum.</summary>
    internal const int ChecksumSize = 4;

    /// <summary>The most bytes that a header has.</summary>
    internal const int MaxSize = FixedSize + MaxHostBytes + ChecksumSize;

    private const uint CurrentVersion = 1;
    private const long MaxSeconds = 253_402_300_799; // the end of the year 9999

    /// <summary>A header.</summary>
    /// <param name="id">A number unlike those of other streams.</param>
    /// <param name="time">When the crash happened; whole seconds are kept.</param>
    /// <param name="host">The host's name; what is longer than 255 bytes is cut.</param>
    public CrashStreamHeader(long id, DateTimeOffset time, string host)
    {
        Id = id;
        Time = DateTimeOffset.FromUnixTimeSeconds(Math.Max(0, time.ToUnixTimeSeconds()));
        Host = host;
    }

    /// <summary>The number that its records repeat: what an older stream left behind on a disk has another one.</summary>
    public long Id { get; }

    /// <summary>When the crash happened.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The host's name; may be anything.</summary>
    public string Host { get; }

    /// <summary>What a stream begins with.</summary>
    internal static ReadOnlySpan<byte> Magic => "LBCRASH\n"u8;

    /// <summary>The bytes of the header that begins so; -1 when it is none, or one of a version that is not known.</summary>
    /// <param name="start">Its first <see cref="FixedSize"/> bytes.</param>
    internal static int SizeOf(ReadOnlySpan<byte> start)
    {
        if (start.Length < FixedSize || !start.StartsWith(Magic))
        {
            return -1;
        }

        var reader = new SpanReader(start[Magic.Length..]);
        uint version = reader.ReadUInt32();
        uint host = reader.ReadUInt32();
        return version != CurrentVersion || host > MaxHostBytes ? -1 : FixedSize + (int)host + ChecksumSize;
    }

    /// <summary>Reads a header; null when it is damaged.</summary>
    /// <param name="bytes">As many as <see cref="SizeOf"/> says.</param>
    internal static CrashStreamHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes[^ChecksumSize..]);
        if (reader.ReadUInt32() != Crc32C.Compute(bytes[..^ChecksumSize]))
        {
            return null;
        }

        reader = new SpanReader(bytes[(Magic.Length + 8)..]);
        long id = reader.ReadInt64();
        long seconds = reader.ReadInt64();
        return seconds is < 0 or > MaxSeconds ? null
            : new CrashStreamHeader(id, DateTimeOffset.FromUnixTimeSeconds(seconds), Encoding.UTF8.GetString(bytes[FixedSize..^ChecksumSize]));
    }

    /// <summary>The header's bytes.</summary>
    internal byte[] ToBytes()
    {
        byte[] host = Encoding.UTF8.GetBytes(Host);
        int length = Math.Min(host.Length, MaxHostBytes);
        byte[] bytes = new byte[FixedSize + length + ChecksumSize];
        var writer = new SpanWriter(bytes);
        writer.WriteBytes(Magic);
        writer.WriteUInt32(CurrentVersion);
        writer.WriteUInt32((uint)length);
        writer.WriteUInt64(unchecked((ulong)Id));
        writer.WriteUInt64((ulong)Time.ToUnixTimeSeconds());
        writer.WriteBytes(host.AsSpan(0, length));
        writer.WriteUInt32(Crc32C.Compute(bytes.AsSpan(0, bytes.Length - ChecksumSize)));
        return bytes;
    }
}
