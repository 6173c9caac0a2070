using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Tests.Output;

public sealed class ByteProgressLineTests
{
    [Fact]
    public void Share_rate_and_time_left_are_told() => Assert.Equal(
        "sealing  25 %, 1 GiB, 256 MiB/s, 12 s left",
        ByteProgressLine.Describe("sealing", 1UL << 30, 4UL << 30, TimeSpan.FromSeconds(4)));

    [Fact]
    public void Where_the_end_is_not_known_only_what_is_done_is_told() => Assert.Equal(
        "opening, 1 GiB, 256 MiB/s", ByteProgressLine.Describe("opening", 1UL << 30, 0, TimeSpan.FromSeconds(4)));

    [Theory]
    [InlineData(0UL, 5UL)]
    [InlineData(10UL, 5UL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public void Odd_counts_are_no_trouble(ulong done, ulong all) =>
        Assert.StartsWith("sealing ", ByteProgressLine.Describe("sealing", done, all, TimeSpan.Zero), StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_shown_where_nobody_watches()
    {
        var time = new SteppedTime();
        using var messages = new StringWriter();
        var line = new ByteProgressLine(new Terminal(TextWriter.Null, messages, false, false), "sealing", 100, time);
        time.Seconds = 10;
        line.Report(50);
        line.Clear();
        Assert.Equal("", messages.ToString());
    }

    [Fact]
    public void A_line_is_shown_after_two_seconds_and_taken_away()
    {
        var time = new SteppedTime();
        using var messages = new StringWriter();
        var line = new StatusLine(messages, time, TimeSpan.FromSeconds(2));
        time.Seconds = 1;
        Assert.False(line.IsDue);
        line.Clear();
        Assert.Equal("", messages.ToString());
        time.Seconds = 2;
        Assert.True(line.IsDue);
        line.Show("sealing");
        Assert.False(line.IsDue);
        line.Clear();
        Assert.Equal("\rsealing\e[K\r\e[K", messages.ToString());
    }

    private sealed class SteppedTime : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
