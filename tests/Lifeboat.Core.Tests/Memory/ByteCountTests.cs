using Lifeboat.Core.Memory;

namespace Lifeboat.Core.Tests.Memory;

public sealed class ByteCountTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("128M", 128UL << 20)]
    [InlineData("128m", 128UL << 20)]
    [InlineData("1g", 1UL << 30)]
    [InlineData("0x1E", 0x1EUL)]
    [InlineData("0x10K", 0x10UL << 10)]
    [InlineData("2E", 2UL << 60)]
    public void Reads_sizes_as_the_kernel_s_command_line_writes_them(string text, ulong bytes)
    {
        Assert.True(ByteCount.TryParse(text, out ByteCount count));
        Assert.Equal(bytes, count.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("0x")]
    [InlineData("-1M")]
    [InlineData("1 M")]
    [InlineData("12X")]
    [InlineData("99999999999E")]
    public void Refuses_what_is_no_size(string text) => Assert.False(ByteCount.TryParse(text, out _));

    [Theory]
    [InlineData(512UL, "512 B")]
    [InlineData(65536UL, "64 KiB")]
    [InlineData(13107200UL, "12.5 MiB")]
    public void Prints_for_a_person(ulong bytes, string text) => Assert.Equal(text, new ByteCount(bytes).ToString());
}
