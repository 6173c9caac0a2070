using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Boot;

public sealed class MultibootInfoTests
{
    private static readonly E820Entry[] Map =
    [
        new(TestPlans.Range(0x1000, 0x9fc00), E820Type.Ram),
        new(TestPlans.Range(0x100000, 0x1_4000_0000), E820Type.Ram),
        new(TestPlans.Range(0x1_4000_0000, 0x1_4000_1000), E820Type.PersistentMemory),
    ];

    [Fact]
    public void Version_1_is_byte_for_byte_what_the_specification_says()
    {
        var info = new MultibootInfo
        {
            CommandLine = "xen ä",
            MemoryMap = Map,
            Modules =
            [
                new(TestPlans.Range(0x200000, 0x200123), "vmlinuz a=b"),
                new(TestPlans.Range(0x300000, 0x300001), ""),
            ],
        };
        byte[] bytes = info.ToBytes(new PhysicalAddress(0x80000));
        var expected = new byte[info.Size];
        Hex("4d020000" + "7f020000" + "00fc4f00" + "00000000").CopyTo(expected, 0);

        // 116 bytes, 3 map entries of 24, 2 modules of 16, "xen ä" and NUL, "Lifeboat" and NUL.
        Hex("dc000800" + "02000000" + "bc000800").CopyTo(expected, 16);
        Hex("48000000" + "74000800").CopyTo(expected, 44);
        Hex("e3000800").CopyTo(expected, 64);
        Hex("14000000" + "0010000000000000" + "00ec090000000000" + "01000000").CopyTo(expected, 116);
        Hex("14000000" + "0000100000000000" + "0000f03f01000000" + "01000000").CopyTo(expected, 140);
        Hex("14000000" + "0000004001000000" + "0010000000000000" + "02000000").CopyTo(expected, 164);
        Hex("00002000" + "23012000" + "ec000800" + "00000000").CopyTo(expected, 188);
        Hex("00003000" + "01003000" + "f8000800" + "00000000").CopyTo(expected, 204);
        "xen ä\0Lifeboat\0vmlinuz a=b\0\0"u8.CopyTo(expected.AsSpan(220));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(bytes));
    }

    [Fact]
    public void Version_1_does_not_lie_above_4_GiB()
    {
        var info = new MultibootInfo { CommandLine = "", MemoryMap = [] };
        info.ToBytes(new PhysicalAddress((1UL << 32) - (ulong)info.Size));
        Assert.Throws<ArgumentException>(() => info.ToBytes(new PhysicalAddress((1UL << 32) - (ulong)info.Size + 1)));
        Assert.Throws<ArgumentException>(() => (info with
        {
            Modules = [new(TestPlans.Range(0x1_0000_0000, 0x1_0000_1000), "")],
        }).ToBytes(default));
    }

    [Fact]
    public void Version_2_is_byte_for_byte_what_the_specification_says()
    {
        byte[] pointer = TestPlans.Bytes(36);
        byte[] bytes = new Multiboot2Info
        {
            CommandLine = "xen",
            MemoryMap = Map[..1],
            Modules = [new(TestPlans.Range(0x200000, 0x200123), "a")],
            AcpiRsdp = pointer,
            LoadBase = new PhysicalAddress(0x400000),
        }.ToBytes();
        string expected = "c8000000" + "00000000"
            + "01000000" + "0c000000" + "78656e00" + "00000000"
            + "02000000" + "11000000" + "4c696665626f6174" + "00" + "00000000000000"
            + "03000000" + "12000000" + "00002000" + "23012000" + "6100" + "000000000000"
            + "04000000" + "10000000" + "7f020000" + "00000000"
            + "06000000" + "28000000" + "18000000" + "00000000"
            + "0010000000000000" + "00ec090000000000" + "01000000" + "00000000"
            + "0f000000" + "2c000000" + Convert.ToHexString(pointer) + "00000000"
            + "15000000" + "0c000000" + "00004000" + "00000000"
            + "00000000" + "08000000";
        Assert.Equal(expected.ToUpperInvariant(), Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData(20, 14)]
    [InlineData(35, 14)]
    [InlineData(40, 15)]
    [InlineData(19, null)]
    public void The_root_pointer_is_of_the_version_that_its_length_says(int length, int? tag)
    {
        byte[] bytes = new Multiboot2Info { CommandLine = "", MemoryMap = [], AcpiRsdp = TestPlans.Bytes(length) }.ToBytes();
        var tags = new List<int>();
        int at = 8;
        while (at < bytes.Length)
        {
            tags.Add(BitConverter.ToInt32(bytes, at));
            at += (BitConverter.ToInt32(bytes, at + 4) + 7) & ~7;
        }

        Assert.Equal(bytes.Length, at);
        Assert.Equal(bytes.Length, BitConverter.ToInt32(bytes, 0));
        Assert.Equal(tag is null ? [1, 2, 4, 6, 0] : [1, 2, 4, 6, tag.Value, 0], tags);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
