using Lifeboat.Cli.Personalities;

namespace Lifeboat.Cli.Tests.Personalities;

public sealed class CNumberTests
{
    [Theory]
    [InlineData("31", 31)]
    [InlineData(" +31x", 31)]
    [InlineData("-7", -7)]
    [InlineData("", 0)]
    [InlineData("-", 0)]
    [InlineData("all", 0)]
    [InlineData("0x10", 0)]
    [InlineData("99999999999999999999", int.MaxValue)]
    [InlineData("-99999999999999999999", int.MinValue)]
    public void An_integer_ends_where_the_digits_end(string text, int expected) => Assert.Equal(expected, CNumber.ToInt(text));

    [Theory]
    [InlineData("0xffffffff81000000", 0xffff_ffff_8100_0000)]
    [InlineData("ffff", 0)]
    [InlineData("12", 12)]
    [InlineData("010", 8)]
    [InlineData("0x", 0)]
    [InlineData("0x1ffffffffffffffff", ulong.MaxValue)]
    public void An_unsigned_number_has_the_base_of_its_prefix(string text, ulong expected) =>
        Assert.Equal(expected, CNumber.ToUnsigned(text));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("0x10", 16)]
    [InlineData("1k", 1UL << 10)]
    [InlineData("3M", 3UL << 20)]
    [InlineData("2G", 2UL << 30)]
    [InlineData("1e", 1UL << 60)]
    public void A_size_may_have_a_suffix(string text, ulong expected)
    {
        Assert.True(CNumber.TryReadSize(text, out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("1MB")]
    [InlineData("1x")]
    [InlineData("16E")]
    [InlineData("all")]
    public void What_is_no_size_is_refused(string text) => Assert.False(CNumber.TryReadSize(text, out _));
}
