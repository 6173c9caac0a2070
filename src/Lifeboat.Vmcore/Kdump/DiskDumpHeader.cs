using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>
/// The first block of a kdump-compressed file (<c>struct disk_dump_header</c>, makedumpfile's diskdump_mod.h), as a
/// 64-bit little-endian machine writes it.
/// </summary>
internal sealed record DiskDumpHeader
{
    internal const int Size = 464;
    internal const int NewestVersion = 6;
    internal const int OldestVersion = 1;

    private const int UtsFieldLength = 65;

    internal int Version { get; init; }

    internal DumpUtsName UtsName { get; init; } = new("", "", "", "", "", "");

    internal long TimestampSeconds { get; init; }

    internal long TimestampMicroseconds { get; init; }

    internal DumpStatus Status { get; init; }

    internal int BlockSize { get; init; }

    internal int SubHeaderBlocks { get; init; }

    internal uint BitmapBlocks { get; init; }

    /// <summary>One past the highest page frame, in 32 bits; version 6 has it in 64 bits elsewhere.</summary>
    internal uint MaxMapNumber { get; init; }

    internal uint TotalRamBlocks { get; init; }

    internal uint DeviceBlocks { get; init; }

    internal uint WrittenBlocks { get; init; }

    internal uint CurrentCpu { get; init; }

    internal int CpuCount { get; init; }

    private static ReadOnlySpan<byte> Signature => "KDUMP   "u8;

    internal static bool IsKdump(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out DiskDumpHeader header)
    {
        header = new DiskDumpHeader();
        if (bytes.Length < Size || !IsKdump(bytes))
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        reader.Skip(Signature.Length);
        int version = reader.ReadInt32();
        var utsName = new DumpUtsName(
            ReadText(ref reader), ReadText(ref reader), ReadText(ref reader),
            ReadText(ref reader), ReadText(ref reader), ReadText(ref reader));
        reader.Skip(6); // the compiler's padding before the timeval
        header = new DiskDumpHeader
        {
            Version = version,
            UtsName = utsName,
            TimestampSeconds = reader.ReadInt64(),
            TimestampMicroseconds = reader.ReadInt64(),
            Status = (DumpStatus)reader.ReadUInt32(),
            BlockSize = reader.ReadInt32(),
            SubHeaderBlocks = reader.ReadInt32(),
            BitmapBlocks = reader.ReadUInt32(),
            MaxMapNumber = reader.ReadUInt32(),
            TotalRamBlocks = reader.ReadUInt32(),
            DeviceBlocks = reader.ReadUInt32(),
            WrittenBlocks = reader.ReadUInt32(),
            CurrentCpu = reader.ReadUInt32(),
            CpuCount = reader.ReadInt32(),
        };
        return true;
    }

    internal void WriteTo(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        var writer = new SpanWriter(bytes);
        writer.WriteBytes(Signature);
        writer.WriteInt32(Version);
        foreach (string field in (ReadOnlySpan<string>)[
            UtsName.SystemName, UtsName.NodeName, UtsName.Release,
            UtsName.Version, UtsName.Machine, UtsName.DomainName])
        {
            writer.WritePaddedText(field, UtsFieldLength - 1);
            writer.WriteByte(0);
        }

        writer.Position += 6;
        writer.WriteInt64(TimestampSeconds);
        writer.WriteInt64(TimestampMicroseconds);
        writer.WriteUInt32((uint)Status);
        writer.WriteInt32(BlockSize);
        writer.WriteInt32(SubHeaderBlocks);
        writer.WriteUInt32(BitmapBlocks);
        writer.WriteUInt32(MaxMapNumber);
        writer.WriteUInt32(TotalRamBlocks);
        writer.WriteUInt32(DeviceBlocks);
        writer.WriteUInt32(WrittenBlocks);
        writer.WriteUInt32(CurrentCpu);
        writer.WriteInt32(CpuCount);
    }

    /// <summary>What makes the file unreadable; null when nothing does.</summary>
    internal Diagnostic? Validate(DumpLimits limits)
    {
        if (Version is < OldestVersion or > NewestVersion)
        {
            return new Diagnostic(VmcoreDiagnosticIds.Unsupported, "this version of the format cannot be read")
            {
                Where = $"header_version, {new FileOffset(8)}",
                Found = $"{Version}",
                Expected = $"{OldestVersion} to {NewestVersion}",
            };
        }

        if (BlockSize < Pfn.PageSize || BlockSize > limits.MaxPageSize || !int.IsPow2(BlockSize))
        {
            return new Diagnostic(VmcoreDiagnosticIds.Unsupported, "this page size cannot be read")
            {
                Where = $"block_size, {new FileOffset(428)}",
                Found = $"{BlockSize}",
                Expected = $"a power of two, {Pfn.PageSize} to {limits.MaxPageSize}",
            };
        }

        if (SubHeaderBlocks < 1 || (long)SubHeaderBlocks * BlockSize > (long)limits.MaxNoteBytes + (2L * BlockSize))
        {
            return new Diagnostic(VmcoreDiagnosticIds.BadHeader, "the size of the sub-header cannot be")
            {
                Where = $"sub_hdr_size, {new FileOffset(432)}",
                Found = $"{SubHeaderBlocks} blocks",
                Expected = $"1 block or more, at most {limits.MaxNoteBytes} bytes of notes",
            };
        }

        return null;
    }

    private static string ReadText(ref SpanReader reader)
    {
        ReadOnlySpan<byte> field = reader.ReadBytes(UtsFieldLength);
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
