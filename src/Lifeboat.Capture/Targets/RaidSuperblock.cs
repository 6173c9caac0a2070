using System.Buffers.Binary;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// The superblocks of disks that belong to an array: mdraid's 0.90 (at the end) and 1.x (at the end, at the begin, 4 KiB from
/// it; include/uapi/linux/raid/md_p.h), Intel's and DDF's of the firmware.
/// </summary>
internal static class RaidSuperblock
{
    private const int Size = 256;
    private const uint MdMagic = 0xA92B4EFC;
    private const uint DdfMagic = 0xDE11DE11;

    // 0.90 lies in the last whole 64 KiB, 1.0 eight to twelve KiB from the end.
    private const long OldReserve = 64 << 10;
    private const long EndReserve = 8 << 10;

    private const int SetUuidOffset = 16;
    private const int NameOffset = 32;
    private const int NameLength = 32;
    private const int OwnOffset = 144;

    internal static DeviceContent? Find(DeviceBytes device)
    {
        long sectors = device.Size / DeviceBytes.SectorSize;
        long atEnd = (device.Size - EndReserve) / 4096 * 4096;
        return New(device, atEnd) ?? New(device, 0) ?? New(device, 4096) ?? Old(device)
            ?? Firmware(device, (sectors - 2) * DeviceBytes.SectorSize, "isw_raid_member", "Intel Raid ISM Cfg Sig. "u8)
            ?? Ddf(device, (sectors - 1) * DeviceBytes.SectorSize);
    }

    private static DeviceContent? New(DeviceBytes device, long offset)
    {
        ReadOnlySpan<byte> bytes = device.Read(offset, Size);
        return !bytes.IsEmpty && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == MdMagic
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == 1
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes[OwnOffset..]) == (ulong)(offset / DeviceBytes.SectorSize)
            ? Member("linux_raid_member", DeviceBytes.Uuid(bytes[SetUuidOffset..]), DeviceBytes.Text(bytes.Slice(NameOffset, NameLength)))
            : null;
    }

    private static DeviceContent? Old(DeviceBytes device)
    {
        ReadOnlySpan<byte> bytes = device.Read((device.Size / OldReserve * OldReserve) - OldReserve, Size);
        if (bytes.IsEmpty)
        {
            return null;
        }

        // Words are in the byte order of the machine that made the array.
        bool isLittle = BinaryPrimitives.ReadUInt32LittleEndian(bytes) == MdMagic && bytes[4] == 0 && bytes[8] == 90;
        bool isBig = BinaryPrimitives.ReadUInt32BigEndian(bytes) == MdMagic && bytes[7] == 0 && bytes[11] == 90;
        if (!isLittle && !isBig)
        {
            return null;
        }

        // The first word of the UUID is the sixth of the superblock, the others begin with the fourteenth.
        Span<byte> uuid = stackalloc byte[16];
        for (int word = 0; word < 4; word++)
        {
            ReadOnlySpan<byte> at = bytes[(word == 0 ? 20 : 48 + (word * 4))..];
            BinaryPrimitives.WriteUInt32BigEndian(
                uuid[(word * 4)..], isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at));
        }

        return Member("linux_raid_member", DeviceBytes.Uuid(uuid), "");
    }

    private static DeviceContent? Firmware(DeviceBytes device, long offset, string kind, ReadOnlySpan<byte> signature) =>
        device.Read(offset, DeviceBytes.SectorSize).StartsWith(signature) ? Member(kind, "", "") : null;

    private static DeviceContent? Ddf(DeviceBytes device, long offset)
    {
        ReadOnlySpan<byte> bytes = device.Read(offset, DeviceBytes.SectorSize);
        return !bytes.IsEmpty && (BinaryPrimitives.ReadUInt32BigEndian(bytes) == DdfMagic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) == DdfMagic) ? Member("ddf_raid_member", "", "") : null;
    }

    private static DeviceContent Member(string kind, string uuid, string label) => new(kind, uuid, label) { IsFileSystem = false };
}
