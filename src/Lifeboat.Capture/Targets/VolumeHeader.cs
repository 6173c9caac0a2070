using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// The headers of devices that another device is made of: physical volumes of LVM2 (struct label_header, lib/label/label.h
/// of lvm2), LUKS 1 and 2 (the format's specifications).
/// </summary>
internal static class VolumeHeader
{
    private const int LvmTypeOffset = 24;
    private const int LvmUuidOffset = 32;
    private const int LvmUuidLength = 32;

    // LVM looks for its label in this many sectors.
    private const int LvmSectors = 4;

    private const int LuksVersionOffset = 6;
    private const int LuksLabelOffset = 24;
    private const int LuksLabelLength = 48;
    private const int LuksUuidOffset = 168;
    private const int LuksUuidLength = 40;

    internal static DeviceContent? Find(DeviceBytes device)
    {
        ReadOnlySpan<byte> bytes = device.Read(0, LvmSectors * DeviceBytes.SectorSize);
        return bytes.IsEmpty ? null : Luks(bytes) ?? Lvm(bytes);
    }

    private static DeviceContent? Luks(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("LUKS"u8) || bytes[4] != 0xBA || bytes[5] != 0xBE)
        {
            return null;
        }

        int version = BinaryPrimitives.ReadUInt16BigEndian(bytes[LuksVersionOffset..]);
        return version is 1 or 2
            ? new DeviceContent(
                "crypto_LUKS",
                DeviceBytes.Text(bytes.Slice(LuksUuidOffset, LuksUuidLength)),
                version == 2 ? DeviceBytes.Text(bytes.Slice(LuksLabelOffset, LuksLabelLength)) : "")
            {
                IsFileSystem = false,
            }
            : null;
    }

    private static DeviceContent? Lvm(ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[DeviceBytes.SectorSize..])
        {
            if (bytes.StartsWith("LABELONE"u8) && bytes[LvmTypeOffset..].StartsWith("LVM2 001"u8))
            {
                return new DeviceContent("LVM2_member", LvmUuid(bytes.Slice(LvmUuidOffset, LvmUuidLength)), "") { IsFileSystem = false };
            }
        }

        return null;
    }

    // As LVM prints it: 6-4-4-4-4-4-6 characters.
    private static string LvmUuid(ReadOnlySpan<byte> characters)
    {
        var text = new StringBuilder();
        for (int i = 0; i < characters.Length; i++)
        {
            if (i >= 6 && i <= 26 && (i - 6) % 4 == 0)
            {
                text.Append('-');
            }

            text.Append((char)characters[i]);
        }

        return text.ToString();
    }
}
