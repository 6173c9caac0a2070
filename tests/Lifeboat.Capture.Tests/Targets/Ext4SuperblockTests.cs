using System.Buffers.Binary;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class Ext4SuperblockTests
{
    public static byte[] Write(Guid uuid, string label)
    {
        byte[] bytes = new byte[Ext4Superblock.Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x18), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x38), 0xEF53);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x4C), 1);
        bytes[0x60] = 0x42; // filetype, extents
        uuid.ToByteArray(bigEndian: true).CopyTo(bytes, 0x68);
        System.Text.Encoding.UTF8.GetBytes(label).CopyTo(bytes, 0x78);
        return bytes;
    }

    [Fact]
    public void Reads_uuid_and_label()
    {
        var uuid = Guid.Parse("2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11");
        Assert.True(Ext4Superblock.TryParse(Write(uuid, "crash"), out Ext4Superblock? superblock));
        Assert.Equal(uuid, superblock.Value.Uuid);
        Assert.Equal("crash", superblock.Value.Label);
        Assert.True(Ext4Superblock.TryParse(Write(uuid, "sixteen-bytes-ok"), out superblock));
        Assert.Equal("sixteen-bytes-ok", superblock.Value.Label);
    }

    [Fact]
    public void Mke2fs_writes_what_is_read()
    {
        Oracle.Require("mke2fs");
        using var folder = new TemporaryFolder();
        string image = folder.Write("disk", new byte[4 << 20]);
        var uuid = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");
        Oracle.Run("mke2fs", [], "-q", "-t", "ext4", "-U", uuid.ToString(), "-L", "lifeboat", image);
        byte[] bytes = File.ReadAllBytes(image).AsSpan(Ext4Superblock.DeviceOffset, Ext4Superblock.Size).ToArray();
        Assert.True(Ext4Superblock.TryParse(bytes, out Ext4Superblock? superblock));
        Assert.Equal(new Ext4Superblock(uuid, "lifeboat"), superblock);
        Assert.Equal("ext4", superblock.Value.Kind);
    }

    [Fact]
    public void A_journal_device_is_no_filesystem()
    {
        byte[] bytes = Write(Guid.Empty, "");
        bytes[0x60] = 8;
        Assert.False(Ext4Superblock.TryParse(bytes, out _));
    }

    [Fact]
    public void Damaged_superblocks_give_something_or_nothing_and_never_throw()
    {
        foreach (byte[] damaged in Mutations.Of(Write(Guid.NewGuid(), "x"), 3000, seed: 9))
        {
            Assert.Equal(
                Ext4Superblock.TryParse(damaged, out Ext4Superblock? superblock),
                superblock is not null);
        }
    }
}
