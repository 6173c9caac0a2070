using Lifeboat.Core.Memory;

namespace Lifeboat.Core.Tests.Memory;

public sealed class PhysicalRangeTests
{
    [Theory]
    [InlineData(0x1000, 0x3000, "[0x4000, 0x8000)")]
    [InlineData(0x4000, 0x8000, "")]
    [InlineData(0x3000, 0x9000, "")]
    [InlineData(0x4000, 0x5000, "[0x5000, 0x8000)")]
    [InlineData(0x7000, 0x9000, "[0x4000, 0x7000)")]
    [InlineData(0x5000, 0x6000, "[0x4000, 0x5000) [0x6000, 0x8000)")]
    public void Minus_leaves_what_the_other_range_does_not_cover(ulong start, ulong end, string left) =>
        Assert.Equal(left, string.Join(' ', Range(0x4000, 0x8000).Minus(Range(start, end))));

    [Fact]
    public void Ranges_that_only_touch_do_not_overlap()
    {
        Assert.False(Range(0, 0x1000).Overlaps(Range(0x1000, 0x2000)));
        Assert.True(Range(0, 0x1000).Intersect(Range(0x1000, 0x2000)).IsEmpty);
    }

    [Fact]
    public void A_range_that_ends_below_its_start_is_the_caller_s_bug() =>
        Assert.Throws<ArgumentException>(() => Range(0x2000, 0x1000));

    [Fact]
    public void Aligning_up_past_64_bits_is_refused() =>
        Assert.Throws<OverflowException>(() => new PhysicalAddress(ulong.MaxValue).AlignUp(ByteCount.Page));

    private static PhysicalRange Range(ulong start, ulong end) => new(new(start), new(end));
}
