namespace Lifeboat.Capture.Tests;

public sealed class DumpThreadsTests
{
    [Theory]
    [InlineData(4, null, 4)]
    [InlineData(4, 1L << 40, 4)]
    [InlineData(4, 0L, 1)]
    [InlineData(1, 0L, 1)]
    [InlineData(8, 24L << 20, 5)]
    public void As_many_threads_as_memory_is_there_for(int wanted, long? available, int expected) =>
        Assert.Equal(expected, DumpThreads.Affordable(wanted, available));
}
