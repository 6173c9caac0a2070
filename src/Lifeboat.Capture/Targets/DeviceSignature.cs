using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// What a disk or partition holds, by the marks that tell filesystems and volumes: enough not to write a dump over somebody's
/// data, and cheap enough to look once more at the crash.
/// </summary>
/// <remarks>
/// Looser on purpose than <see cref="FileSystemProbe"/>, which must not mistake one thing for another before it is mounted: here a mark
/// that is half destroyed counts, too, since what lies below it may be all that somebody has.
/// </remarks>
internal sealed class DeviceSignature
{
    private const int HeadBytes = 256 << 10;
    private const uint RaidMagic = 0xA92B4EFC;

    private static readonly DeviceSignature[] Known =
    [
        new(0, "XFSB"u8, "xfs"),
        new(0x438, [0x53, 0xEF], "ext2, ext3 or ext4"),
        new(0x10040, "_BHRfS_M"u8, "btrfs"),
        new(0, [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE], "LUKS"),
        new(0, "LABELONE"u8, "LVM"),
        new(512, "LABELONE"u8, "LVM"),
        new(1024, "LABELONE"u8, "LVM"),
        new(1536, "LABELONE"u8, "LVM"),
        new(0, [0xFC, 0x4E, 0x2B, 0xA9], "RAID (md 1.1)"),
        new(4096, [0xFC, 0x4E, 0x2B, 0xA9], "RAID (md 1.2)"),
        new(512, "EFI PART"u8, "a partition table (GPT)"),
        new(4096, "EFI PART"u8, "a partition table (GPT)"),
        new(3, "NTFS    "u8, "NTFS"),
        new(3, "EXFAT   "u8, "exFAT"),
        new(3, "-FVE-FS-"u8, "BitLocker"),
        new(510, [0x55, 0xAA], "a partition table or FAT"),
        new(4086, "SWAPSPACE2"u8, "swap"),
        new(65526, "SWAPSPACE2"u8, "swap"),
        new(0x8001, "CD001"u8, "ISO 9660"),
        new(1024, [0x10, 0x20, 0xF5, 0xF2], "F2FS"),
        new(1024, [0xE2, 0xE1, 0xF5, 0xE0], "EROFS"),
        new(1030, [0x34, 0x34], "NILFS2"),
        new(0, "hsqs"u8, "squashfs"),
        new(32768, "JFS1"u8, "JFS"),
        new(65588, "ReIsEr"u8, "ReiserFS"),
        new(8192, "OCFSV2"u8, "OCFS2"),
        new(65536, [0x01, 0x16, 0x19, 0x70], "GFS2"),
        new(4120, [0xC6, 0x85, 0x73, 0xF6], "bcache or bcachefs"),
        new(516, "!Stra0tis"u8, "Stratis"),
        new(0, "dmvdo001"u8, "VDO"),
        new(0, "bluestore block device"u8, "Ceph BlueStore"),
    ];

    private readonly int _offset;
    private readonly byte[] _bytes;
    private readonly string _name;

    private DeviceSignature(int offset, ReadOnlySpan<byte> bytes, string name)
    {
        _offset = offset;
        _bytes = bytes.ToArray();
        _name = name;
    }

    /// <summary>What a device seems to hold; null when nothing that is known.</summary>
    /// <exception cref="Core.Diagnostics.KernelInterfaceException">It cannot be read.</exception>
    internal static string? Find(OutputFile device)
    {
        byte[] head = new byte[HeadBytes];
        device.ReadAt(new FileOffset(0), head);
        foreach (DeviceSignature known in Known)
        {
            if (head.AsSpan(known._offset).StartsWith(known._bytes))
            {
                return known._name;
            }
        }

        return HasPoolLabel(head) ? "ZFS" : HasRaidAtItsEnd(device) ? "RAID (md)" : null;
    }

    // Uberblocks begin at 128 KiB, one every KiB at the most.
    private static bool HasPoolLabel(ReadOnlySpan<byte> head)
    {
        for (int at = 128 << 10; at < HeadBytes; at += 1024)
        {
            if (head[at..].StartsWith((ReadOnlySpan<byte>)[0x0C, 0xB1, 0xBA, 0, 0, 0, 0, 0]))
            {
                return true;
            }
        }

        return false;
    }

    // Versions 0.90 and 1.0 lie at the end of the device (md_p.h).
    private static bool HasRaidAtItsEnd(OutputFile device)
    {
        const ulong Reserved = 64 << 10;
        ulong length = device.Length.Value;
        return length > 4 * Reserved
            && (IsRaidAt(device, (length & ~(Reserved - 1)) - Reserved) || IsRaidAt(device, ((length >> 9) - 16 & ~7UL) << 9));
    }

    private static bool IsRaidAt(OutputFile device, ulong place)
    {
        Span<byte> bytes = stackalloc byte[4];
        device.ReadAt(new FileOffset(place), bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes) == RaidMagic;
    }
}
