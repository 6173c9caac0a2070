using System.Buffers.Binary;
using System.Text;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class FileSystemProbeTests
{
    // blkid looks for arrays on larger devices only than 1 MiB.
    private const int Size = 2 << 20;
    private static readonly Guid Uuid = Guid.Parse("2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11");

    /// <summary>A filesystem with the superblock of an array (metadata 1.0) behind it.</summary>
    public static byte[] MirrorHalf(Guid uuid)
    {
        byte[] bytes = new byte[Size];
        Ext4SuperblockTests.Write(uuid, "crash").CopyTo(bytes, 1024);
        WriteMd(bytes, Size - 8192);
        return bytes;
    }

    // The tool, its options, where it takes the UUID, and the label.
    [Theory]
    [InlineData("mke2fs", "-q -t ext2 -U {0} -L crash", 4)]
    [InlineData("mke2fs", "-q -t ext3 -U {0} -L crash", 16)]
    [InlineData("mke2fs", "-q -t ext4 -U {0} -L sixteen-bytes-ok", 4)]
    [InlineData("mke2fs", "-q -t ext4 -O ^has_journal -b 4096", 4)]
    [InlineData("mkfs.xfs", "-q -m uuid={0} -L crash", 300)]
    [InlineData("mkfs.xfs", "-q -b size=4096 -s size=4096", 300)]
    [InlineData("mkfs.btrfs", "-q -U {0} -L crash", 128)]
    [InlineData("mkfs.btrfs", "-q -L a-label-of-btrfs-that-is-longer-than-that-of-any-of-the-others", 128)]
    [InlineData("mkfs.vfat", "-F 12 -i 1a2b3c4d -n CRASH", 4)]
    [InlineData("mkfs.vfat", "-F 16 -n CRASH", 20)]
    [InlineData("mkfs.vfat", "-F 32 -i 0000000f -n LIFEBOAT", 64)]
    [InlineData("mkfs.vfat", "-F 32 -S 4096", 400)]
    public void Says_what_blkid_says_of_what_mkfs_makes(string tool, string options, int mebibytes)
    {
        Oracle.Require(tool);
        using var folder = new TemporaryFolder();
        string image = folder.Combine("disk");
        using (FileStream stream = File.Create(image))
        {
            stream.SetLength((long)mebibytes << 20);
        }

        Oracle.Run(tool, [], [.. options.Replace("{0}", $"{Uuid}", StringComparison.Ordinal).Split(' '), image]);
        DeviceContent content = FileSystemProbe.Read(image)!;
        Assert.True(content.IsFileSystem);
        Assert.Equal(1, content.Devices);
        Compare(image, content);
        if (options.Contains("{0}", StringComparison.Ordinal))
        {
            Assert.Equal(Uuid.ToString(), content.Uuid);
        }
    }

    [Theory]
    [InlineData("md-1.0", "linux_raid_member")]
    [InlineData("md-1.1", "linux_raid_member")]
    [InlineData("md-1.2", "linux_raid_member")]
    [InlineData("md-0.90", "linux_raid_member")]
    [InlineData("md-0.90-big-endian", "linux_raid_member")]
    [InlineData("lvm", "LVM2_member")]
    [InlineData("luks1", "crypto_LUKS")]
    [InlineData("luks2", "crypto_LUKS")]
    public void A_part_of_something_is_not_taken_for_the_filesystem_in_it(string what, string kind)
    {
        byte[] bytes = Member(what);
        using var folder = new TemporaryFolder();
        string image = folder.Write("disk", bytes);
        DeviceContent content = FileSystemProbe.Read(image)!;
        Assert.Equal(kind, content.Kind);
        Assert.False(content.IsFileSystem);
        Compare(image, content);
    }

    [Theory]
    [InlineData("isw", "isw_raid_member")]
    [InlineData("ddf", "ddf_raid_member")]
    public void The_firmwares_arrays_are_known_by_their_end(string what, string kind)
    {
        using var folder = new TemporaryFolder();
        DeviceContent content = FileSystemProbe.Read(folder.Write("disk", Member(what)))!;
        Assert.Equal(kind, content.Kind);
        Assert.False(content.IsFileSystem);
    }

    [Fact]
    public void The_size_of_a_block_device_comes_from_sysfs()
    {
        using var folder = new TemporaryFolder();
        string image = folder.Write("disk", [.. MirrorHalf(Uuid), .. new byte[Size]]);
        folder.Write("sda/size", $"{Size / 512}\n");
        Assert.Equal("ext4", FileSystemProbe.Read(image)!.Kind);
        Assert.Equal("linux_raid_member", FileSystemProbe.Read(image, folder.Combine("sda"))!.Kind);
    }

    [Fact]
    public void The_label_of_vfat_is_that_in_its_root_folder()
    {
        Oracle.Require("mkfs.vfat");
        using var folder = new TemporaryFolder();
        string image = folder.Write("disk", new byte[4 << 20]);
        Oracle.Run("mkfs.vfat", [], "-F", "12", "-n", "OLD", image);
        byte[] bytes = File.ReadAllBytes(image);
        int entry = bytes.AsSpan(1024).IndexOf("OLD        \u0008"u8) + 1024;
        "NEW"u8.CopyTo(bytes.AsSpan(entry));
        File.WriteAllBytes(image, bytes);
        Assert.Equal("NEW", FileSystemProbe.Read(image)!.Label);
        Compare(image, FileSystemProbe.Read(image)!);
    }

    [Fact]
    public void A_btrfs_of_two_devices_says_so()
    {
        byte[] bytes = new byte[Size];
        "_BHRfS_M"u8.CopyTo(bytes.AsSpan(0x10040));
        bytes[0x10088] = 2;
        using var folder = new TemporaryFolder();
        Assert.Equal(2, FileSystemProbe.Read(folder.Write("disk", bytes))!.Devices);
    }

    [Fact]
    public void What_is_nothing_or_cannot_be_read_is_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(FileSystemProbe.Read(folder.Write("empty", "")));
        Assert.Null(FileSystemProbe.Read(folder.Write("short", new byte[100])));
        Assert.Null(FileSystemProbe.Read(folder.Write("zeros", new byte[Size])));
        Assert.Null(FileSystemProbe.Read(folder.Combine("absent")));
        Assert.Null(FileSystemProbe.Read(folder.Path));
    }

    [Theory]
    [InlineData("md-1.0", Size - 8192)]
    [InlineData("md-0.90", Size - 65536)]
    [InlineData("lvm", 512)]
    [InlineData("luks2", 0)]
    [InlineData("fat32", 0)]
    [InlineData("fat12", 0)]
    [InlineData("xfs", 0)]
    public void Damage_gives_something_or_nothing_and_never_throws(string what, int offset)
    {
        byte[] bytes = Member(what);
        using var folder = new TemporaryFolder();
        string image = folder.Write("disk", bytes);
        using FileStream stream = File.OpenWrite(image);
        foreach (byte[] damaged in Mutations.Of(bytes[offset..(offset + 512)], 500, seed: 11))
        {
            stream.Position = offset;
            stream.Write(damaged, 0, Math.Min(damaged.Length, 512));
            stream.Flush();
            DeviceContent? content = FileSystemProbe.Read(image);
            Assert.True(content is null || content.Kind.Length > 0);
        }
    }

    private static byte[] Member(string what)
    {
        // ext4 lies beneath each of them.
        byte[] bytes = new byte[Size];
        Ext4SuperblockTests.Write(Uuid, "crash").CopyTo(bytes, 1024);
        switch (what)
        {
            case "md-1.0":
                WriteMd(bytes, Size - 8192);
                break;
            case "md-1.1":
                WriteMd(bytes, 0);
                break;
            case "md-1.2":
                WriteMd(bytes, 4096);
                break;
            case "md-0.90":
                WriteOldMd(bytes.AsSpan(Size - 65536), BinaryPrimitives.WriteUInt32LittleEndian);
                break;
            case "md-0.90-big-endian":
                WriteOldMd(bytes.AsSpan(Size - 65536), BinaryPrimitives.WriteUInt32BigEndian);
                break;
            case "lvm":
                WriteLvm(bytes.AsSpan(512));
                break;
            case "luks1" or "luks2":
                byte[] luks = [(byte)'L', (byte)'U', (byte)'K', (byte)'S', 0xBA, 0xBE, 0, (byte)(what[^1] - '0')];
                luks.CopyTo(bytes, 0);
                Encoding.ASCII.GetBytes($"{Uuid}").CopyTo(bytes, 168);
                break;
            case "isw":
                "Intel Raid ISM Cfg Sig. 1.1.00"u8.CopyTo(bytes.AsSpan(Size - 1024));
                break;
            case "ddf":
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Size - 512), 0xDE11DE11);
                break;
            case "xfs":
                "XFSB\0\0\u0010\0"u8.CopyTo(bytes);
                break;
            default:
                WriteFat(bytes, what == "fat32");
                break;
        }

        return bytes;
    }

    private static void WriteMd(byte[] bytes, int offset)
    {
        Span<byte> at = bytes.AsSpan(offset);
        BinaryPrimitives.WriteUInt32LittleEndian(at, 0xA92B4EFC);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], 1);
        Uuid.ToByteArray(bigEndian: true).CopyTo(at[16..]);
        "web1:0"u8.CopyTo(at[32..]);
        BinaryPrimitives.WriteUInt64LittleEndian(at[144..], (ulong)offset / 512);

        // blkid wants the checksum: the sum of the words of 256 bytes, folded.
        ulong sum = 0;
        for (int i = 0; i < 256; i += 4)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(at[i..]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(at[216..], (uint)((sum & 0xFFFFFFFF) + (sum >> 32)));
    }

    private delegate void WriteWord(Span<byte> at, uint value);

    private static void WriteOldMd(Span<byte> at, WriteWord write)
    {
        write(at, 0xA92B4EFC);
        write(at[8..], 90);
        write(at[(7 * 4)..], 1);
        write(at[(8 * 4)..], (Size - 65536) / 1024);
        write(at[20..], 0x01020304);
        write(at[52..], 0x05060708);
        write(at[56..], 0x090A0B0C);
        write(at[60..], 0x0D0E0F10);
    }

    private static void WriteLvm(Span<byte> at)
    {
        "LABELONE"u8.CopyTo(at);
        at[8] = 1;
        at[20] = 32;
        "LVM2 001abcdefghijklmnopqrstuvwxyzABCDEF"u8.CopyTo(at[24..]);

        // LVM's own CRC-32, of what follows it to the sector's end.
        uint crc = 0xF597A6CF;
        foreach (byte value in at[20..512])
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(at[16..], crc);
    }

    private static void WriteFat(byte[] bytes, bool is32)
    {
        bytes.AsSpan().Clear();
        byte[] start = [0xEB, 0x3C, 0x90, .. "mkfs.fat"u8, 0, 2, 1, 32, 0, 2, (byte)(is32 ? 0 : 2), 0, 0, 0, 0xF8, (byte)(is32 ? 0 : 4), 0];
        start.CopyTo(bytes, 0);
        bytes[36] = (byte)(is32 ? 4 : 0);
        bytes[44] = (byte)(is32 ? 2 : 0);
        byte[] extended = [0, 0, 0x29, 0x4D, 0x3C, 0x2B, 0x1A, .. "NO NAME    FAT     "u8];
        extended.CopyTo(bytes, is32 ? 64 : 36);
        bytes[510] = 0x55;
        bytes[511] = 0xAA;
    }

    // blkid -p probes as udev does; it leaves out what is empty.
    private static void Compare(string image, DeviceContent content)
    {
        var found = new Dictionary<string, string>();
        foreach (string line in Oracle.Run("blkid", [], "-p", "-o", "export", image).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                found[line[..equals]] = line[(equals + 1)..];
            }
        }

        Assert.Equal(found["TYPE"], content.Kind);
        Assert.Equal(found.GetValueOrDefault("UUID", ""), content.Uuid);
        Assert.Equal(found.GetValueOrDefault("LABEL", ""), content.Label);
    }
}
