using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Paging;

public sealed class AddressSpaceTests
{
    private const ulong Linear = 0xffff_8880_0000_0000;

    [Theory]
    [InlineData(4, 12)]
    [InlineData(4, 21)]
    [InlineData(4, 30)]
    [InlineData(5, 12)]
    [InlineData(5, 21)]
    [InlineData(5, 30)]
    public void Pages_of_every_size_are_translated_with_four_and_five_levels(int levels, int shift)
    {
        ulong linear = levels == 5 ? 0xff11_0000_0000_0000 : Linear;
        var kernel = new FakeKernel(levels);
        kernel.Map(linear, 0, shift);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        Assert.Equal(levels, space.Levels);
        for (int round = 0; round < 2; round++)
        {
            Assert.True(space.TryTranslate(
                new(linear + 0x123), out PhysicalAddress physical, out ByteCount left, out _));
            Assert.Equal(new PhysicalAddress(0x123), physical);
            Assert.Equal((1UL << shift) - 0x123, left.Value);
        }

        Assert.False(space.TryTranslate(new(linear + (1UL << shift)), out _, out _, out MemoryFault fault));
        Assert.Equal(new MemoryFault(linear + (1UL << shift), MemoryFaultReason.Unmapped), fault);
    }

    [Fact]
    public void The_kernels_image_needs_no_page_tables()
    {
        var kernel = new FakeKernel();
        ulong data = kernel.Allocate(8);
        kernel.Memory.WriteLong(FakeKernel.ToPhysical(data), 42);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        byte[] bytes = new byte[8];
        Assert.Equal(8, space.Read(new VirtualAddress(data), bytes, out _));
        Assert.Equal(42, bytes[0]);
    }

    [Fact]
    public void A_read_goes_on_where_the_next_page_lies_elsewhere()
    {
        var kernel = new FakeKernel();
        kernel.Map(Linear, 0x5000, 12);
        kernel.Map(Linear + 0x1000, 0x3000, 12);
        kernel.Memory.Write(0x5fff, [1]);
        kernel.Memory.Write(0x3000, [2]);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        byte[] bytes = new byte[2];
        Assert.Equal(2, space.Read(new VirtualAddress(Linear + 0xfff), bytes, out _));
        Assert.Equal([1, 2], bytes);
        Assert.Equal(1, space.Read(new VirtualAddress(Linear + 0x1fff), bytes, out MemoryFault fault));
        Assert.Equal(new MemoryFault(Linear + 0x2000, MemoryFaultReason.Unmapped), fault);
    }

    [Fact]
    public void The_encryption_bit_is_no_part_of_an_address()
    {
        var kernel = new FakeKernel();
        kernel.Info["NUMBER(sme_mask)"] = (1L << 47).ToString(System.Globalization.CultureInfo.InvariantCulture);
        kernel.Map(Linear, 0x5000 | (1UL << 47), 12);
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        Assert.True(space.TryTranslate(new(Linear), out PhysicalAddress physical, out _, out _));
        Assert.Equal(new PhysicalAddress(0x5000), physical);
    }

    [Theory]
    [InlineData(0x0000_8000_0000_0000)]
    [InlineData(0xfff0_0000_0000_0000)]
    [InlineData(0xffff_7fff_ffff_ffff)]
    public void An_address_that_the_machine_cannot_have_is_unmapped(ulong address)
    {
        var kernel = new FakeKernel();
        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        Assert.False(space.TryTranslate(new(address), out _, out _, out MemoryFault fault));
        Assert.Equal(MemoryFaultReason.Unmapped, fault.Reason);
    }

    [Fact]
    public void Tables_that_point_at_themselves_or_out_of_memory_end()
    {
        var kernel = new FakeKernel();
        for (ulong i = 0; i < 512; i++)
        {
            kernel.Memory.WriteLong(FakeKernel.ImagePhysical + (i * 8),
                i % 2 == 0 ? FakeKernel.ImagePhysical | 1 : ulong.MaxValue);
        }

        var space = AddressSpace.OpenKernel(kernel.Memory, kernel.Vmcoreinfo);
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            ulong address = unchecked((ulong)random.NextInt64());
            _ = space.Read(new VirtualAddress(address | 0xffff_8000_0000_0000), new byte[64], out _);
            _ = space.Read(new VirtualAddress(address), new byte[64], out _);
        }
    }

    [Fact]
    public void Without_vmcoreinfo_a_diagnostic_names_what_is_missing()
    {
        DumpFormatException e = Assert.Throws<DumpFormatException>(
            () => AddressSpace.OpenKernel(new FakeMemory(4096),
                Vmcoreinfo.Parse("SYMBOL(init_top_pgt)=ffffffff81000000\n"u8)));
        Assert.Contains("phys_base", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("init_top_pgt", e.Message, StringComparison.Ordinal);
    }
}
