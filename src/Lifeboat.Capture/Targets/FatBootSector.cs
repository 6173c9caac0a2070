using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// The boot sector of FAT12, FAT16 and FAT32, which the kernel calls vfat (struct fat_boot_sector,
/// include/uapi/linux/msdos_fs.h).
/// </summary>
internal static class FatBootSector
{
    private const int ExtendedOffset = 36;
    private const int ExtendedOffset32 = 64;

    // Within the extended part, which FAT32 has further on.
    private const int SignatureAt = 2;
    private const int SerialAt = 3;
    private const int LabelAt = 7;
    private const int NameAt = 18;
    private const byte ExtendedSignature = 0x29;

    private const int EntrySize = 32;
    private const int NameLength = 11;
    private const int AttributesAt = 11;
    private const byte VolumeLabel = 0x08;
    private const byte LongName = 0x0F;
    private const byte Deleted = 0xE5;

    // A label is one of the first entries; a folder may have thousands.
    private const int MaxFolderBytes = 32 << 10;

    internal static DeviceContent? Find(DeviceBytes device)
    {
        ReadOnlySpan<byte> bytes = device.Read(0, DeviceBytes.SectorSize);
        if (bytes.IsEmpty || bytes[510] != 0x55 || bytes[511] != 0xAA || bytes[0] is not (0xEB or 0xE9))
        {
            return null;
        }

        int sector = BinaryPrimitives.ReadUInt16LittleEndian(bytes[11..]);
        int cluster = bytes[13];
        int reserved = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        int tables = bytes[16];
        int rootEntries = BinaryPrimitives.ReadUInt16LittleEndian(bytes[17..]);
        long table = BinaryPrimitives.ReadUInt16LittleEndian(bytes[22..]);
        bool is32 = table == 0;
        if (sector is < 512 or > 4096 || !BitOperations.IsPow2(sector) || !BitOperations.IsPow2(cluster)
            || reserved == 0 || tables is 0 or > 4 || bytes[21] is not (0xF0 or >= 0xF8))
        {
            return null;
        }

        ReadOnlySpan<byte> extended = bytes[(is32 ? ExtendedOffset32 : ExtendedOffset)..];
        if (extended[SignatureAt] != ExtendedSignature || !extended[NameAt..].StartsWith("FAT"u8))
        {
            return null;
        }

        // FAT32's root folder begins at a cluster that the sector names, that of the others behind the tables.
        table = is32 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]) : table;
        long root = (reserved + tables * table) * sector;
        int length = rootEntries * EntrySize;
        if (is32)
        {
            root += (BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]) - 2L) * cluster * sector;
            length = cluster * sector;
        }

        string? label = LabelIn(device.Read(root, Math.Min(length, MaxFolderBytes)));
        return new DeviceContent("vfat", SerialText(extended[SerialAt..]), label ?? LabelOf(extended.Slice(LabelAt, NameLength)));
    }

    private static string SerialText(ReadOnlySpan<byte> bytes)
    {
        uint serial = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{serial >> 16:X4}-{serial & 0xFFFF:X4}");
    }

    private static string? LabelIn(ReadOnlySpan<byte> folder)
    {
        for (; folder.Length >= EntrySize && folder[0] != 0; folder = folder[EntrySize..])
        {
            if (folder[0] != Deleted && (folder[AttributesAt] & (LongName | 0x10)) == VolumeLabel)
            {
                return LabelOf(folder[..NameLength]);
            }
        }

        return null;
    }

    private static string LabelOf(ReadOnlySpan<byte> field)
    {
        string label = Encoding.UTF8.GetString(field).TrimEnd(' ', '\0');
        return label == "NO NAME" ? "" : label;
    }
}
