using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class DumpProgressTextTests
{
    [Fact]
    public void Share_rate_and_time_left_are_told() => Assert.Equal(
        "writing pages  25 %, 100 MiB/s, 30 s left, 12 MiB written",
        DumpProgressText.Describe(At(DumpStage.Write, 256_000, 1_024_000), TimeSpan.FromSeconds(10)));

    [Fact]
    public void Before_anything_is_done_no_rate_is_made_up() => Assert.Equal(
        "sorting pages   0 %", DumpProgressText.Describe(At(DumpStage.Classify, 0, 100), TimeSpan.FromSeconds(10)));

    [Fact]
    public void In_the_first_moment_no_rate_is_made_up() => Assert.Equal(
        "writing pages  25 %, 12 MiB written", DumpProgressText.Describe(At(DumpStage.Write, 256, 1024), TimeSpan.FromMilliseconds(1)));

    [Theory]
    [InlineData(10UL, 5UL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public void Odd_counts_are_no_trouble(ulong done, ulong all) => Assert.StartsWith(
        "sorting pages 100 %",
        DumpProgressText.Describe(At(DumpStage.Classify, done, all), TimeSpan.FromTicks(1)),
        StringComparison.Ordinal);

    [Fact]
    public void Where_the_end_is_not_known_only_what_is_done_is_told() => Assert.Equal(
        "writing pages, 12 MiB written",
        DumpProgressText.Describe(At(DumpStage.Write, 1000, 0), TimeSpan.FromSeconds(1)));

    [Fact]
    public void Checking_writes_nothing() => Assert.Equal(
        "checking pages  50 %, 100 MiB/s, 2 s left",
        DumpProgressText.Describe(At(DumpStage.Check, 51_200, 102_400), TimeSpan.FromSeconds(2)));

    private static DumpProgress At(DumpStage stage, ulong done, ulong all) =>
        new(stage, done, all, ByteCount.FromMiB(12));
}
