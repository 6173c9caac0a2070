using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Tests.Output;

public sealed class DumpProgressLineTests
{
    [Fact]
    public void Share_rate_and_time_left_are_told() => Assert.Equal(
        "writing pages  25 %, 100 MiB/s, 30 s left, 12 MiB written",
        DumpProgressLine.Describe(At(DumpStage.Write, 256_000, 1_024_000), TimeSpan.FromSeconds(10)));

    [Fact]
    public void Before_anything_is_done_no_rate_is_made_up() => Assert.Equal(
        "sorting pages   0 %", DumpProgressLine.Describe(At(DumpStage.Classify, 0, 100), TimeSpan.FromSeconds(10)));

    [Theory]
    [InlineData(10UL, 5UL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public void Odd_counts_are_no_trouble(ulong done, ulong all) => Assert.StartsWith(
        "sorting pages 100 %",
        DumpProgressLine.Describe(At(DumpStage.Classify, done, all), TimeSpan.FromTicks(1)),
        StringComparison.Ordinal);

    [Fact]
    public void Where_the_end_is_not_known_only_what_is_done_is_told() => Assert.Equal(
        "writing pages, 12 MiB written",
        DumpProgressLine.Describe(At(DumpStage.Write, 1000, 0), TimeSpan.FromSeconds(1)));

    [Fact]
    public void Checking_writes_nothing() => Assert.Equal(
        "checking pages  50 %, 100 MiB/s, 2 s left",
        DumpProgressLine.Describe(At(DumpStage.Check, 51_200, 102_400), TimeSpan.FromSeconds(2)));

    [Fact]
    public void Writing_that_is_over_at_once_shows_nothing()
    {
        using var messages = new StringWriter();
        var line = new DumpProgressLine(messages, new StoppedTime());
        line.Report(At(DumpStage.Write, 1, 2));
        line.Clear();
        Assert.Equal("", messages.ToString());
    }

    private static DumpProgress At(DumpStage stage, ulong done, ulong all) =>
        new(stage, done, all, ByteCount.FromMiB(12));

    private sealed class StoppedTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
