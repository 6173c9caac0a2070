using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Memory;

namespace Lifeboat.Core.Tests.Memory;

public sealed class PhysicalAddressTests
{
    [Fact]
    public void Aligning_goes_to_the_nearest_multiple_on_either_side() =>
        Prop.ForAll<ulong, byte>((value, power) =>
        {
            var alignment = new ByteCount(1UL << (power % 40));
            var address = new PhysicalAddress(value & (ulong.MaxValue >> 1));
            PhysicalAddress down = address.AlignDown(alignment);
            PhysicalAddress up = address.AlignUp(alignment);
            return down.IsAligned(alignment) && up.IsAligned(alignment) && down <= address && address <= up
                && (address - down) < alignment && (up - address) < alignment
                && address.IsAligned(alignment) == (down == up)
                && down.AlignUp(alignment) == down && up.AlignDown(alignment) == up;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_sum_and_its_difference_cancel() =>
        Prop.ForAll<uint, uint>((start, distance) =>
        {
            var address = new PhysicalAddress(start);
            var count = new ByteCount(distance);
            return address + count - count == address && address + count - address == count && address + count >= address;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_is_the_order_of_numbers() =>
        Prop.ForAll<ulong, ulong>((left, right) =>
        {
            (PhysicalAddress a, PhysicalAddress b) = (new(left), new(right));
            return a < b == left < right && a > b == left > right && a <= b == left <= right && a >= b == left >= right
                && Math.Sign(a.CompareTo(b)) == Math.Sign(left.CompareTo(right));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_does_not_fit_64_bits_is_refused()
    {
        var last = new PhysicalAddress(ulong.MaxValue);
        Assert.Throws<OverflowException>(() => last.AlignUp(ByteCount.Page));
        Assert.Throws<OverflowException>(() => last + new ByteCount(1));
        Assert.Throws<OverflowException>(() => PhysicalAddress.Zero - new ByteCount(1));
        Assert.Throws<OverflowException>(() => PhysicalAddress.Zero - last);
        Assert.Equal(ulong.MaxValue - 4095, last.AlignDown(ByteCount.Page).Value);
    }

    [Fact]
    public void An_address_prints_in_hex_and_knows_its_page()
    {
        var address = new PhysicalAddress(0x1_2345_6789);
        Assert.Equal("0x123456789", address.ToString());
        Assert.Equal(new Pfn(0x12_3456), address.Pfn);
        Assert.Equal(address.AlignDown(ByteCount.Page), address.Pfn.Address);
    }
}
