using System.Buffers.Binary;
using System.Numerics;

namespace Lifeboat.Capture.Targets;

/// <summary>The superblock of xfs, the device's first sector (struct xfs_dsb, fs/xfs/libxfs/xfs_format.h; big-endian).</summary>
internal static class XfsSuperblock
{
    private const int BlockSizeOffset = 4;
    private const int UuidOffset = 32;
    private const int LabelOffset = 108;
    private const int LabelLength = 12;

    internal static DeviceContent? Find(DeviceBytes device)
    {
        ReadOnlySpan<byte> bytes = device.Read(0, DeviceBytes.SectorSize);
        if (!bytes.StartsWith("XFSB"u8))
        {
            return null;
        }

        uint blockSize = BinaryPrimitives.ReadUInt32BigEndian(bytes[BlockSizeOffset..]);
        return blockSize is >= 512 and <= 65536 && BitOperations.IsPow2(blockSize)
            ? new DeviceContent("xfs", DeviceBytes.Uuid(bytes[UuidOffset..]), DeviceBytes.Text(bytes.Slice(LabelOffset, LabelLength)))
            : null;
    }
}
