using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Lifeboat.Kernel.Tests;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("é € 𝄞")]
    [InlineData("")]
    public void Text_in_UTF_8_is_that_text(string text) => Assert.Equal(text, LogText.FromBytes(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_kept() =>
        Assert.Equal("a\uDCFF\uDCE2\uDC82b", LogText.FromBytes([(byte)'a', 0xff, 0xe2, 0x82, (byte)'b']));

    [Fact]
    public void Half_a_pair_that_stands_for_no_byte_is_a_replacement_character() =>
        Assert.Equal([0xef, 0xbf, 0xbd], LogText.ToBytes("\uD800"));

    [Fact]
    public void All_bytes_come_back() => Prop.ForAll<byte[]>(static bytes =>
        bytes.AsSpan().SequenceEqual(LogText.ToBytes(LogText.FromBytes(bytes)))).QuickCheckThrowOnFailure();
}
