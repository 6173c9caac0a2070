using System.Net;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Ssh;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Tests.Streams;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Ssh;

public sealed class SshStoreTests
{
    private const string Name = "20260131T142233Z-web1";

    [Theory]
    [InlineData("internal-sftp")]
    [InlineData("internal-sftp -P fsync,posix-rename")]
    public void Sftp_stores_files_as_files(string sftp)
    {
        using var server = SshServer.Start(sftp: sftp);
        using var folder = new TemporaryFolder();
        string parent = folder.Combine("var", "crash");
        using CrashStore store = Open(server.Connection, SshCommand.Sftp, parent);
        List<StoredFile> stored = TestCrash.SendTo(store);

        Assert.Equal(Path.Combine(parent, Name), Assert.Single(Directory.GetDirectories(parent)));
        Assert.EndsWith($":{parent}/{Name}", store.Location, StringComparison.Ordinal);
        Assert.Equal(TestCrash.Flattened, File.ReadAllBytes(Path.Combine(parent, Name, "vmcore.flat")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(parent, Name)).Length);
        Assert.Null(ManifestCheck.FirstMismatch(
            Path.Combine(parent, Name), CaptureManifest.Load(Path.Combine(parent, Name, CaptureManifest.FileName))));
        Assert.Equal(TestCrash.HashOf(TestCrash.Flattened), stored[2].Sha256);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(parent, Name, "vmcore.flat")));
    }

    [Fact]
    public void Sftp_leaves_an_older_crash_of_the_same_second_alone()
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine(Name + ".partial"));
        using CrashStore store = Open(server.Connection, SshCommand.Sftp, folder.Path);
        store.Begin(TestCrash.Time, TestCrash.Host);
        store.Publish(complete: false);

        Assert.Equal(
            [$"{Name}-2.incomplete", $"{Name}.partial"], Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Cat_leaves_one_file_that_gives_the_crash_back()
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        string parent = folder.Combine("it's here");
        using (CrashStore store = Open(server.Connection, SshCommand.Cat, parent))
        {
            TestCrash.SendTo(store);
            Assert.EndsWith($"/{Name}.crash", store.Location, StringComparison.Ordinal);
        }

        using FileStream file = File.OpenRead(Path.Combine(parent, Name + ".crash"));
        var reader = CrashStreamReader.Open(file, "it");
        var names = new List<string>();
        while (reader.NextFile() is { } found)
        {
            found.Drain();
            Assert.Equal(CrashFileState.Whole, found.State);
            names.Add(found.Name);
        }

        Assert.Equal(["dmesg.txt", "manifest.json", "vmcore.flat", "manifest.json"], names);
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void Cat_does_not_write_over_a_file()
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        folder.Write($"{Name}.crash", "an older one");
        using CrashStore store = Open(server.Connection, SshCommand.Cat, folder.Path);

        Assert.Throws<DiagnosticException>(() => TestCrash.SendTo(store));
        Assert.Equal("an older one", File.ReadAllText(folder.Combine($"{Name}.crash")));
    }

    [Theory]
    [InlineData(SshCommand.Sftp)]
    [InlineData(SshCommand.Cat)]
    [InlineData(SshCommand.Receive)]
    public void A_wrong_host_key_is_refused_and_nothing_sent(SshCommand command)
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        server.Pin("other");
        using CrashStore store = Open(server.Connection, command, folder.Path);

        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => TestCrash.SendTo(store));
        Assert.Contains("another host key", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(SshCommand.Sftp)]
    [InlineData(SshCommand.Receive)]
    public void A_key_that_is_not_taken_is_told(SshCommand command)
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        using CrashStore store = Open(server.ConnectionWith("other"), command, folder.Path);

        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => TestCrash.SendTo(store));
        Assert.Contains("authorized_keys", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_far_side_that_says_something_else_is_no_receiver()
    {
        using var server = SshServer.Start(forcedCommand: "echo welcome; cat");
        using CrashStore store = Open(server.Connection, SshCommand.Receive, "/nowhere");

        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => TestCrash.SendTo(store));
        Assert.Contains("found welcome", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_dies_half_way_is_noticed_and_what_was_acknowledged_is_there()
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        using CrashStore store = Open(server.Connection, SshCommand.Sftp, folder.Path);
        store.Begin(TestCrash.Time, TestCrash.Host);
        TestCrash.Send(store, "dmesg.txt", "a log"u8.ToArray());
        server.KillConnections();

        DiagnosticException death = Assert.Throws<DiagnosticException>(() => TestCrash.Send(store, "vmcore.flat", TestCrash.Flattened));
        Assert.Contains("ssh ended with exit status 255", death.Message, StringComparison.Ordinal);
        Assert.Equal("a log", File.ReadAllText(folder.Combine($"{Name}.partial", "dmesg.txt")));
    }

    [Theory]
    [InlineData(SshCommand.Sftp)]
    [InlineData(SshCommand.Cat)]
    public void A_server_that_stalls_is_given_up_in_time(SshCommand command)
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        using CrashStore store = Open(server.ConnectionWith("client", stall: TimeSpan.FromSeconds(2)), command, folder.Path);
        store.Begin(TestCrash.Time, TestCrash.Host);
        TestCrash.Send(store, "dmesg.txt", "a log"u8.ToArray());

        // With cat the log may still be on its way.
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFileSystemEntries(folder.Path).Length > 0, TimeSpan.FromSeconds(60)));
        server.StopConnections();

        DiagnosticException stall = Assert.Throws<DiagnosticException>(() =>
        {
            using CrashFileStream file = store.Create("vmcore.flat");
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < 256; i++)
            {
                file.Write(piece);
            }
        });
        Assert.Contains("too long", stall.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_where_nobody_listens_is_told()
    {
        SshConnection gone;
        using (var server = SshServer.Start())
        {
            gone = new SshConnection
            {
                User = "root",
                Address = "127.0.0.1",
                Port = server.Port,
                KeyFile = "/none",
                KnownHostsFile = "/none",
            };
        }

        using CrashStore store = Open(gone, SshCommand.Sftp, "/nowhere");
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => store.Begin(TestCrash.Time, TestCrash.Host));
        Assert.Contains("refused", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Of_a_host_s_addresses_the_first_that_takes_connections_is_used()
    {
        using var server = SshServer.Start();
        IPAddress[] addresses = [IPAddress.IPv6Loopback, IPAddress.Loopback];
        Assert.Equal(IPAddress.Loopback, SshStores.FirstToAnswer(addresses, server.Port, CancellationToken.None));
        Assert.Equal(IPAddress.IPv6Loopback, SshStores.FirstToAnswer(addresses[..1], server.Port, CancellationToken.None));
    }

    [Fact]
    public void A_token_ends_it()
    {
        using var server = SshServer.Start();
        using var folder = new TemporaryFolder();
        using var deadline = new CancellationTokenSource();
        using CrashStore store = SshStores.Open(
            new SshTarget("a", "b") { Path = folder.Path }, CaptureSettings.Defaults, server.Connection, TimeProvider.System, deadline.Token);
        store.Begin(TestCrash.Time, TestCrash.Host);
        deadline.Cancel();

        Assert.Throws<OperationCanceledException>(() => TestCrash.Send(store, "vmcore.flat", TestCrash.Flattened));
    }

    private static CrashStore Open(SshConnection connection, SshCommand command, string folder) => SshStores.Open(
        new SshTarget("a", "b") { Command = command, Path = folder }, CaptureSettings.Defaults, connection, TimeProvider.System, CancellationToken.None);
}
