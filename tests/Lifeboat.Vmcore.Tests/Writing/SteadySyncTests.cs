using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class SteadySyncTests
{
    [Fact]
    public void Makes_durable_whenever_enough_was_written_and_not_before()
    {
        using var synced = new SemaphoreSlim(0);
        using var sync = new SteadySync(() => synced.Release(), new ByteCount(100));
        for (int i = 0; i < 3; i++)
        {
            sync.Wrote(60);
            Assert.Equal(0, synced.CurrentCount);
            sync.Wrote(40);
            Assert.True(synced.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void The_writer_does_not_wait_and_is_told_what_went_wrong()
    {
        using var begun = new SemaphoreSlim(0);
        using var mayFail = new ManualResetEventSlim();
        using var sync = new SteadySync(
            () =>
            {
                begun.Release();
                mayFail.Wait();
                throw new InvalidOperationException("a device");
            },
            new ByteCount(1));
        sync.Wrote(1);
        Assert.True(begun.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        sync.Wrote(1);
        mayFail.Set();

        // The second time begins when the first has told.
        Assert.True(begun.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.Equal("a device", Assert.Throws<InvalidOperationException>(sync.Check).Message);
    }

    [Fact]
    public void Without_anything_to_do_it_ends() => new SteadySync(static () => { }, new ByteCount(1)).Dispose();
}
