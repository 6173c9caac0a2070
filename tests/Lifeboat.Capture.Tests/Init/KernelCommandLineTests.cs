using Lifeboat.Capture.Init;

namespace Lifeboat.Capture.Tests.Init;

public sealed class KernelCommandLineTests
{
    [Fact]
    public void Splits_words_and_keeps_what_is_quoted_together()
    {
        KernelCommandLine line = KernelCommandLine.Parse("ro quiet a=1 b=\"x y\" \"c=2 3\" a=4\n");
        Assert.Equal(["ro", "quiet", "a=1", "b=x y", "c=2 3", "a=4"], line.Words);
        Assert.True(line.TryGetValue("a", out string? last));
        Assert.Equal("4", last);
        Assert.True(line.TryGetValue("c", out string? spaced));
        Assert.Equal("2 3", spaced);
        Assert.False(line.TryGetValue("quiet", out _));
        Assert.True(line.Contains("quiet"));
    }

    [Fact]
    public void A_quote_that_is_not_closed_reaches_to_the_end() =>
        Assert.Equal(["a", "b c "], KernelCommandLine.Parse("a \"b c").Words);
}
