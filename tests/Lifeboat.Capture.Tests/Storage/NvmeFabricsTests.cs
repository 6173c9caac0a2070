using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Tests.Targets;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests.Storage;

public sealed class NvmeFabricsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(Errno.None)]
    [InlineData(Errno.EALREADY)]
    public void A_connection_that_is_there_is_all_that_is_wanted(Errno answer) =>
        Assert.Null(NvmeFabrics.Connect("transport=tcp", Limit, new ImpatientTime(), options =>
        {
            Assert.Equal("transport=tcp", options);
            return answer;
        }));

    [Fact]
    public void A_host_that_is_not_there_yet_is_tried_again()
    {
        int attempts = 0;
        Assert.Null(NvmeFabrics.Connect(
            "transport=tcp", Limit, new ImpatientTime(), _ => ++attempts < 5 ? Errno.ECONNREFUSED : Errno.None));
        Assert.Equal(5, attempts);
    }

    [Fact]
    public void A_host_that_never_comes_is_given_up_with_its_last_answer()
    {
        int attempts = 0;
        string? failure = NvmeFabrics.Connect("transport=tcp", Limit, new ImpatientTime(), _ =>
        {
            attempts++;
            return Errno.EHOSTUNREACH;
        });
        Assert.StartsWith("EHOSTUNREACH", failure, StringComparison.Ordinal);
        Assert.InRange(attempts, 2, 30);
    }

    [Fact]
    public void A_refusal_is_final()
    {
        int attempts = 0;
        string? failure = NvmeFabrics.Connect("transport=tcp", Limit, new ImpatientTime(), _ =>
        {
            attempts++;
            return Errno.EINVAL;
        });
        Assert.StartsWith("EINVAL", failure, StringComparison.Ordinal);
        Assert.Equal(1, attempts);
    }

    [Fact]
    public void A_write_that_hangs_is_left_behind()
    {
        var never = new ManualResetEventSlim();
        CancellationToken cancellation = TestContext.Current.CancellationToken; // the thread may begin when the test is over
        string? failure = NvmeFabrics.Connect("transport=tcp", TimeSpan.Zero, TimeProvider.System, _ =>
        {
            never.Wait(cancellation);
            return Errno.None;
        });
        never.Set();
        Assert.StartsWith("no answer within", failure, StringComparison.Ordinal);
    }
}
