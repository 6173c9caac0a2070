using System.Buffers.Binary;
using Lifeboat.Capture.Targets;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class PartitionTableTests
{
    [Fact]
    public void Finds_a_partition_by_the_number_in_a_gpt()
    {
        using var machine = new TemporaryFolder();
        byte[] disk = new byte[1 << 16];
        "EFI PART"u8.CopyTo(disk.AsSpan(512));
        BinaryPrimitives.WriteUInt64LittleEndian(disk.AsSpan(512 + 72), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(512 + 80), 128);
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(512 + 84), 128);
        var uuid = new Guid("2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11");
        uuid.ToByteArray().CopyTo(disk.AsSpan(1024 + 128 + 16));
        RawDeviceFinder finder = Machine(machine, disk);

        Assert.Equal(machine.Combine("dev", "vda2"), finder.Find($"PARTUUID={uuid.ToString().ToUpperInvariant()}"));
        Assert.Null(finder.Find("PARTUUID=00000000-0000-0000-0000-000000000000"));
        Assert.Equal(machine.Combine("dev", "vda2"), finder.Find("/dev/vda2"));
        Assert.Null(finder.Find("/dev/vdb"));
    }

    [Fact]
    public void Finds_a_partition_by_the_number_in_a_table_of_dos()
    {
        using var machine = new TemporaryFolder();
        byte[] disk = new byte[4096];
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(440), 0xDEADBEEF);
        (disk[510], disk[511]) = (0x55, 0xAA);

        Assert.Equal(machine.Combine("dev", "vda2"), Machine(machine, disk).Find("PARTUUID=deadbeef-02"));
    }

    [Fact]
    public void Damaged_tables_give_some_number_or_none()
    {
        using var folder = new TemporaryFolder();
        byte[] table = new byte[4096];
        "EFI PART"u8.CopyTo(table.AsSpan(512));
        table[512 + 72] = 2;
        table[512 + 80] = 128;
        table[512 + 84] = 128;
        foreach (byte[] damaged in Mutations.Of(table[..2048], 300, seed: 64))
        {
            using SafeFileHandle disk = File.OpenHandle(folder.Write("disk", damaged));
            _ = PartitionTable.UuidOf(disk, 512, 2);
        }
    }

    private static RawDeviceFinder Machine(TemporaryFolder machine, byte[] disk)
    {
        machine.Write("dev/vda", disk);
        machine.Write("dev/vda2", "");
        machine.Write("sys/devices/pci/vda/queue/logical_block_size", "512\n");
        machine.Write("sys/devices/pci/vda/vda2/partition", "2\n");
        Directory.CreateDirectory(machine.Combine("sys/class/block"));
        Directory.CreateSymbolicLink(machine.Combine("sys/class/block/vda"), machine.Combine("sys/devices/pci/vda"));
        Directory.CreateSymbolicLink(machine.Combine("sys/class/block/vda2"), machine.Combine("sys/devices/pci/vda/vda2"));
        return new RawDeviceFinder(TimeProvider.System, machine.Combine("sys/class/block"), machine.Combine("dev"));
    }
}
