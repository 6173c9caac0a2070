namespace Lifeboat.Capture.Tests;

public sealed class DumpMemoryTests
{
    [Theory]
    [InlineData(4, null, 4)]
    [InlineData(4, 1L << 40, 4)]
    [InlineData(4, 0L, 1)]
    [InlineData(1, 0L, 1)]
    [InlineData(8, 24L << 20, 5)]
    public void As_many_threads_as_memory_is_there_for(int wanted, long? available, int expected) =>
        Assert.Equal(expected, DumpMemory.Threads(wanted, available));

    [Theory]
    [InlineData(2, null, 0)]
    [InlineData(2, 18L << 20, 0)]
    [InlineData(2, 58L << 20, 10UL << 20)]
    [InlineData(2, 1L << 40, 64UL << 20)]
    public void Pages_wait_in_a_part_of_the_memory_that_is_left(int threads, long? available, ulong expected) =>
        Assert.Equal(expected, DumpMemory.Ahead(threads, available).Value);
}
