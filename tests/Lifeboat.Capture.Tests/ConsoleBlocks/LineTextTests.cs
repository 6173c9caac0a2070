using System.Buffers.Text;
using System.Text;
using Lifeboat.Capture.ConsoleBlocks;

namespace Lifeboat.Capture.Tests.ConsoleBlocks;

public sealed class LineTextTests
{
    [Fact]
    public void Is_the_runtime_s_base64url_both_ways()
    {
        var random = new Random(9);
        byte[] bytes = new byte[54];
        char[] text = new char[72];
        byte[] back = new byte[54];
        for (int round = 0; round < 500; round++)
        {
            random.NextBytes(bytes);
            LineText.Encode(bytes, text);
            Assert.Equal(Base64Url.EncodeToString(bytes), new string(text));
            Assert.True(LineText.TryDecode(Encoding.ASCII.GetBytes(text), back));
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
        Assert.False(LineText.TryDecode(Encoding.UTF8.GetBytes(text), new byte[3]));
}
