using System.Net;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class NfsMountTests
{
    private static readonly IPAddress Server = IPAddress.Parse("192.0.2.7");

    [Theory]
    [InlineData("s:/x", "4.2", "192.0.2.7", "vers=4.2,addr=192.0.2.7,proto=tcp,soft,timeo=150,retrans=2,sec=sys")]
    [InlineData("s:/x port=2050", "4", "2001:db8::7", "vers=4,addr=2001:db8::7,proto=tcp6,soft,timeo=150,retrans=2,sec=sys,port=2050")]
    [InlineData(
        "s:/x port=2050 mountport=20048 timeo=30 retrans=1", "3", "192.0.2.7",
        "vers=3,addr=192.0.2.7,proto=tcp,soft,timeo=30,retrans=1,sec=sys,port=2050,"
        + "nolock,mountaddr=192.0.2.7,mountproto=tcp,mountvers=3,mountport=20048")]
    public void The_options_are_those_that_the_kernel_takes(string value, string version, string address, string expected) =>
        Assert.Equal(expected, NfsMount.OptionsFor(NfsTarget.Parse(value)!, version, IPAddress.Parse(address)));

    [Fact]
    public void A_crash_on_another_host_is_called_as_it_is_there()
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderStore(folder.Combine("crash"))
        {
            NameElsewhere = path => "s:/x" + path[folder.Path.Length..],
        };
        Assert.Equal("s:/x/crash", store.Location);
        store.Begin(DateTimeOffset.UnixEpoch, "h");
        Assert.Equal("s:/x/crash/19700101T000000Z-h.partial", store.Location);
        store.Publish(complete: true);
        Assert.Equal("s:/x/crash/19700101T000000Z-h", store.Location);
        Assert.StartsWith(folder.Path, store.Folder, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_are_tried_until_one_is_taken()
    {
        var tried = new List<string>();
        new NfsMount((source, folder, options) =>
        {
            Assert.Equal(("s:/x", "/target"), (source, folder));
            tried.Add(options[..options.IndexOf(',', StringComparison.Ordinal)]);
            if (tried.Count < 4)
            {
                throw new KernelInterfaceException("mount", source, Errno.EPROTONOSUPPORT);
            }
        }).Mount(NfsTarget.Parse("s:/x")!, [Server], "/target", CancellationToken.None);
        Assert.Equal(["vers=4.1", "vers=4.0", "vers=4.2", "vers=3"], tried);
    }

    [Fact]
    public void A_silent_address_is_asked_once_and_the_next_one_is_tried()
    {
        var tried = new List<string>();
        KernelInterfaceException refusal = Assert.Throws<KernelInterfaceException>(() => new NfsMount((source, _, options) =>
        {
            tried.Add(options);
            throw new KernelInterfaceException("mount", source, Errno.ETIMEDOUT);
        }).Mount(NfsTarget.Parse("s:/x")!, [Server, IPAddress.IPv6Loopback], "/target", CancellationToken.None));
        Assert.Equal(Errno.ETIMEDOUT, refusal.Errno);
        Assert.Equal(2, tried.Count);
        Assert.Contains("addr=::1,", tried[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_mount_that_hangs_is_left_when_the_time_is_over()
    {
        using var hang = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var mount = new NfsMount((_, _, _) =>
        {
            cancellation.Cancel();
            hang.Wait();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => mount.Mount(NfsTarget.Parse("s:/x vers=4.2")!, [Server], "/target", cancellation.Token));
        hang.Set();
    }
}
