using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class DumpLevelsTests
{
    [Theory]
    [InlineData(0, "17 23 31")]
    [InlineData(1, "17 23 31")]
    [InlineData(8, "25 31")]
    [InlineData(17, "23 31")]
    [InlineData(19, "23 31")]
    [InlineData(23, "31")]
    [InlineData(30, "31")]
    [InlineData(31, "")]
    public void What_is_gone_on_at_leaves_out_more_each_time(int level, string expected) => Assert.Equal(
        expected, string.Join(' ', DumpLevels.Above((DumpLevel)level).Select(next => (int)next)));

    [Fact]
    public void No_level_above_brings_back_what_was_left_out()
    {
        for (int level = 0; level < 32; level++)
        {
            int last = level;
            foreach (DumpLevel next in DumpLevels.Above((DumpLevel)level))
            {
                Assert.Equal(last, last & (int)next);
                Assert.NotEqual(last, (int)next);
                last = (int)next;
            }

            Assert.Equal(31, last);
        }
    }
}
