using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Paging;

public sealed class Arm64PageTablesTests
{
    [Theory]
    [InlineData(12, 48, 48, 4, 12)]
    [InlineData(12, 48, 48, 4, 21)]
    [InlineData(12, 48, 48, 4, 30)]
    [InlineData(12, 39, 39, 3, 12)]
    [InlineData(12, 52, 52, 5, 12)]
    [InlineData(12, 52, 52, 5, 39)]
    [InlineData(12, 52, 48, 4, 21)]
    [InlineData(14, 48, 48, 4, 14)]
    [InlineData(14, 47, 47, 3, 25)]
    [InlineData(14, 52, 52, 4, 14)]
    [InlineData(14, 52, 47, 3, 14)]
    [InlineData(16, 48, 48, 3, 16)]
    [InlineData(16, 42, 42, 2, 29)]
    [InlineData(16, 52, 52, 3, 16)]
    [InlineData(16, 52, 48, 3, 42)]
    public void Pages_and_blocks_are_translated_with_every_granule(
        int pageShift, int configuredBits, int usedBits, int levels, int shift)
    {
        var kernel = new FakeArm64Kernel(pageShift, configuredBits, usedBits);
        ulong address = (ulong.MaxValue << (usedBits - 1)) + (5UL << shift);
        ulong physical = 3UL << shift;
        kernel.Map(address, physical, shift);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        Assert.Equal(levels, space.Levels);
        Assert.True(space.TryTranslate(new(address + 0x123), out PhysicalAddress found, out ByteCount left, out _));
        Assert.Equal(new PhysicalAddress(physical + 0x123), found);
        Assert.Equal((1UL << shift) - 0x123, left.Value);
        Assert.False(space.TryTranslate(new(address - 1), out _, out _, out MemoryFault fault));
        Assert.Equal(new MemoryFault(address - 1, MemoryFaultReason.Unmapped), fault);
    }

    [Theory]
    [InlineData(12, 52)]
    [InlineData(14, 52)]
    [InlineData(16, 52)]
    [InlineData(16, 48)]
    public void Physical_addresses_of_52_bits_are_put_together(int pageShift, int bits)
    {
        var kernel = new FakeArm64Kernel(pageShift, bits, bits);
        ulong address = ulong.MaxValue << (bits - 1);
        const ulong Physical = 0x000f_8000_0001_0000;
        kernel.Map(address, Physical, pageShift);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        Assert.True(space.TryTranslate(new(address), out PhysicalAddress found, out _, out _));
        Assert.Equal(new PhysicalAddress(Physical), found);
    }

    [Fact]
    public void A_tagged_pointer_is_the_same_address()
    {
        var kernel = new FakeArm64Kernel(12, 48, 48);
        kernel.Map(0xffff_0000_0000_5000, 0x4000_5000, 12);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        Assert.True(space.TryTranslate(new(0xf4ff_0000_0000_5008), out PhysicalAddress found, out _, out _));
        Assert.Equal(new PhysicalAddress(0x4000_5008), found);
        Assert.False(space.TryTranslate(new(0x0000_0000_0000_5008), out _, out _, out _));
    }

    [Fact]
    public void A_page_without_its_second_bit_is_none()
    {
        var kernel = new FakeArm64Kernel(12, 48, 48);
        kernel.Map(0xffff_0000_0000_5000, 0x4000_5000, 12);
        ulong entry = FakeArm64Kernel.Root + (3 * 0x1000) + (5 * 8);
        kernel.Memory.WriteLong(entry, kernel.Memory.ReadLong(entry) & ~2UL);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        Assert.False(space.TryTranslate(new(0xffff_0000_0000_5000), out _, out _, out MemoryFault fault));
        Assert.Equal(MemoryFaultReason.Unmapped, fault.Reason);
    }

    [Theory]
    [InlineData("SYMBOL(swapper_pg_dir)")]
    [InlineData("NUMBER(VA_BITS)")]
    public void What_is_missing_is_named(string key)
    {
        var kernel = new FakeArm64Kernel(12, 48, 48);
        kernel.Info.Remove(key);
        DumpFormatException refused = Assert.Throws<DumpFormatException>(
            () => AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo));
        Assert.Contains(key, refused.Diagnostics[0].Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(48, "ffffc15bd1c10000", 0xfffe_ffff_c000_0000)]
    [InlineData(48, "ffff000008080000", 0xffff_7fff_c000_0000)]
    [InlineData(39, "ffffffc008010000", 0xffff_ff7f_c000_0000)]
    [InlineData(52, "ffffc15bd1c10000", 0xffef_ffff_c000_0000)]
    public void The_linear_map_is_the_half_that_the_image_is_not_in(int bits, string text, ulong expected)
    {
        var kernel = new FakeArm64Kernel(12, bits, bits);
        kernel.Info["SYMBOL(_stext)"] = text;
        Assert.Equal(expected, Arm64PageTables.FindLinearMap(kernel.Vmcoreinfo));
    }
}
