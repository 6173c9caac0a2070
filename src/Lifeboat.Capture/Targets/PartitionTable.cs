using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Capture.Targets;

/// <summary>Reads the number that a partition is known by (PARTUUID) out of its disk's table: GPT, or the older one of DOS.</summary>
internal static class PartitionTable
{
    private const int MaxEntries = 1024;
    private const int MaxEntrySize = 4096;
    private const int EntryUuid = 16;
    private const int DiskSignature = 440;
    private const int BootSignature = 510;

    /// <summary>The PARTUUID as blkid prints it; null when the table has none for it.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="sectorSize">Bytes of its sectors.</param>
    /// <param name="partition">The partition's number, from 1.</param>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    internal static string? UuidOf(SafeFileHandle disk, int sectorSize, int partition)
    {
        byte[] header = new byte[92];
        if (partition < 1 || sectorSize is < 512 or > 65536)
        {
            return null;
        }

        if (RandomAccess.Read(disk, header, sectorSize) == header.Length && header.AsSpan().StartsWith("EFI PART"u8))
        {
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(72));
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80));
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(84));
            byte[] uuid = new byte[16];
            return count <= MaxEntries && partition <= count && size is >= 128 and <= MaxEntrySize && start <= uint.MaxValue
                && RandomAccess.Read(disk, uuid, ((long)start * sectorSize) + ((partition - 1L) * size) + EntryUuid) == uuid.Length
                && uuid.AsSpan().ContainsAnyExcept((byte)0)
                ? new Guid(uuid).ToString("D") : null;
        }

        byte[] boot = new byte[512];
        return RandomAccess.Read(disk, boot, 0) == boot.Length && boot[BootSignature] == 0x55 && boot[BootSignature + 1] == 0xAA
            && BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(DiskSignature)) is var signature and not 0
            ? string.Create(CultureInfo.InvariantCulture, $"{signature:x8}-{partition:x2}") : null;
    }
}
