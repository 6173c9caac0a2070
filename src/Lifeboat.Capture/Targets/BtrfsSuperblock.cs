using System.Buffers.Binary;

namespace Lifeboat.Capture.Targets;

/// <summary>The first superblock of btrfs (struct btrfs_super_block, include/uapi/linux/btrfs_tree.h).</summary>
internal static class BtrfsSuperblock
{
    private const int DeviceOffset = 0x10000;
    private const int Size = 4096;
    private const int UuidOffset = 0x20;
    private const int MagicOffset = 0x40;
    private const int DevicesOffset = 0x88;
    private const int LabelOffset = 0x12B;
    private const int LabelLength = 256;

    internal static DeviceContent? Find(DeviceBytes device)
    {
        ReadOnlySpan<byte> bytes = device.Read(DeviceOffset, Size);
        if (bytes.IsEmpty || !bytes[MagicOffset..].StartsWith("_BHRfS_M"u8))
        {
            return null;
        }

        ulong devices = BinaryPrimitives.ReadUInt64LittleEndian(bytes[DevicesOffset..]);
        return new DeviceContent("btrfs", DeviceBytes.Uuid(bytes[UuidOffset..]), DeviceBytes.Text(bytes.Slice(LabelOffset, LabelLength)))
        {
            Devices = (int)Math.Clamp(devices, 1, ushort.MaxValue),
        };
    }
}
