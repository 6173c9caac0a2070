using System.Buffers.Text;
using System.Text;
using Lifeboat.Core.IO;

namespace Lifeboat.Core.Tests.IO;

/// <summary>base64url; that of sealed files is tested with them.</summary>
public sealed class UnpaddedBase64Tests
{
    [Fact]
    public void Is_the_runtime_s_base64url_both_ways()
    {
        var random = new Random(9);
        for (int length = 0; length < 200; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            byte[] text = new byte[UnpaddedBase64.EncodedLength(length)];
            Assert.Equal(text.Length, UnpaddedBase64.Encode(bytes, text, isUrl: true));
            Assert.Equal(Base64Url.EncodeToString(bytes), Encoding.ASCII.GetString(text));
            byte[] back = new byte[length];
            Assert.Equal(length, UnpaddedBase64.Decode(text, back, isUrl: true));
            Assert.Equal(bytes, back);
        }
    }

    [Theory]
    [InlineData("AAA=")]
    [InlineData("AA+A")]
    [InlineData("AA/A")]
    [InlineData(" AAA")]
    [InlineData("\u00e9AA")]
    public void Other_characters_are_refused(string text) =>
        Assert.Equal(-1, UnpaddedBase64.Decode(Encoding.UTF8.GetBytes(text), new byte[3], isUrl: true));

    [Theory]
    [InlineData("AA-A")]
    [InlineData("AA_A")]
    public void Those_of_base64url_are_no_base64(string text) =>
        Assert.Equal(-1, UnpaddedBase64.Decode(Encoding.UTF8.GetBytes(text), new byte[3]));
}
