using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Boot;

public sealed class BootParamsTests
{
    [Fact]
    public void The_page_is_byte_for_byte_what_the_boot_protocol_says()
    {
        byte[] file = BzImageWriter.Write();
        byte[] page = new BootParams
        {
            Image = BzImage.Parse(file, "x"),
            CommandLine = new PhysicalAddress(0x1_2345_6000),
            Ramdisk = TestPlans.Range(0x2_0000_1000, 0x2_0000_1fff),
            MemoryMap =
            [
                new(TestPlans.Range(0x1000, 0x9fc00), E820Type.Ram),
                new(TestPlans.Range(0x1_0000_0000, 0x2_8000_0000), E820Type.Nvs),
            ],
            AcpiRsdp = new PhysicalAddress(0x7fbfa014),
            ScreenInfo = TestPlans.Bytes(0x40),
        }.ToBytes();

        var expected = new byte[4096];
        TestPlans.Bytes(0x40).CopyTo(expected, 0);
        Convert.FromHexString("14a0bf7f00000000").CopyTo(expected, 0x70);
        Convert.FromHexString("02000000" + "00000000" + "01000000").CopyTo(expected, 0xc0);
        expected[0x1e8] = 2;
        file.AsSpan(0x1f1, 0x26c - 0x1f1).CopyTo(expected.AsSpan(0x1f1));
        expected[0x210] = 0xff;
        Convert.FromHexString("00100000" + "ff0f0000").CopyTo(expected, 0x218);
        Convert.FromHexString("00604523").CopyTo(expected, 0x228);
        Convert.FromHexString("0010000000000000" + "00ec090000000000" + "01000000").CopyTo(expected, 0x2d0);
        Convert.FromHexString("0000000001000000" + "0000008001000000" + "04000000").CopyTo(expected, 0x2e4);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(page));
    }

    [Fact]
    public void The_sentinel_stays_zero_so_that_the_kernel_believes_the_page() =>
        Assert.Equal(0, Page(1)[0x1ef]);

    [Fact]
    public void Takes_128_ranges_and_leaves_the_rest_to_setup_data()
    {
        byte[] page = Page(128);
        Assert.Equal(128, page[0x1e8]);
        Assert.Equal(128UL << 20, BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(0x2d0 + (127 * 20))));
        Assert.Equal(page, Page(129));
    }

    private static byte[] Page(int ranges) => new BootParams
    {
        Image = BzImage.Parse(BzImageWriter.Write(), "x"),
        CommandLine = new PhysicalAddress(0x1000),
        MemoryMap = [.. Enumerable.Range(1, ranges).Select(i =>
            new E820Entry(TestPlans.Range((ulong)i << 20, ((ulong)i << 20) + 4096), E820Type.Reserved))],
    }.ToBytes();
}
