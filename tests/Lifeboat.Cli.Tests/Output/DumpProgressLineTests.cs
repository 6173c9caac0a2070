using Lifeboat.Cli.Output;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Tests.Output;

public sealed class DumpProgressLineTests
{
    [Fact]
    public void Writing_that_is_over_at_once_shows_nothing()
    {
        using var messages = new StringWriter();
        var line = new DumpProgressLine(messages, new StoppedTime());
        line.Report(new DumpProgress(DumpStage.Write, 1, 2, ByteCount.FromMiB(12)));
        line.Clear();
        Assert.Equal("", messages.ToString());
    }

    private sealed class StoppedTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
