using Lifeboat.Capture.Init;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Ssh;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Tests.Ssh;
using Lifeboat.Capture.Tests.Streams;
using Lifeboat.Cli.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Ssh;

/// <summary>A crash through this machine's ssh and sshd into <c>lifeboat receive</c>.</summary>
public sealed class SshReceiveTests
{
    private const string Name = "20260131T142233Z-web1";

    [Fact]
    public void Every_file_is_acknowledged_and_the_dump_is_one_that_tools_open()
    {
        using var folder = new Capture.Tests.TemporaryFolder();
        using var server = SshServer.Start(Receive(folder.Path));
        using CrashStore store = Open(server);
        List<StoredFile> stored = TestCrash.SendTo(store);

        Assert.Equal(new StoredFile("vmcore.kdump", TestCrash.Dump.Length, TestCrash.HashOf(TestCrash.Dump)), stored[2]);
        Assert.EndsWith($":{Name}", store.Location, StringComparison.Ordinal);
        Assert.Equal(TestCrash.Dump, File.ReadAllBytes(folder.Combine(Name, "vmcore.kdump")));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Combine(Name)).Length);
        Assert.Null(ManifestCheck.FirstMismatch(folder.Combine(Name), CaptureManifest.Load(folder.Combine(Name, "manifest.json"))));
    }

    [Fact]
    public void After_a_lost_connection_the_next_file_goes_over_a_new_one_into_the_same_folder()
    {
        using var folder = new Capture.Tests.TemporaryFolder();
        using var server = SshServer.Start(Receive(folder.Path));
        using CrashStore store = Open(server);
        store.Begin(TestCrash.Time, TestCrash.Host);
        TestCrash.Send(store, "dmesg.txt", "a log"u8.ToArray());
        using (CrashFileStream dump = store.Create("vmcore.flat"))
        {
            dump.Write(TestCrash.Flattened.AsSpan(0, 2_500_000));
            string begun = folder.Combine(Name + ".partial", "vmcore.kdump.new");
            Assert.True(SpinWait.SpinUntil(() => File.Exists(begun) && new FileInfo(begun).Length > 0, TimeSpan.FromSeconds(60)));
            server.KillConnections();
            Assert.ThrowsAny<Exception>(dump.Commit);
        }

        TestCrash.Send(store, "manifest.json", TestCrash.Manifest(complete: false));
        store.Publish(complete: false);

        string crash = Assert.Single(Directory.GetDirectories(folder.Path));
        Assert.Equal(folder.Combine(Name + ".incomplete"), crash);
        Assert.Equal("a log", File.ReadAllText(Path.Combine(crash, "dmesg.txt")));
        Assert.True(File.Exists(Path.Combine(crash, "manifest.json")));
        Assert.True(File.Exists(Path.Combine(crash, "vmcore.kdump")));
    }

    [Fact]
    public void A_full_disk_fails_the_dump_and_neither_log_nor_manifest()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may mount");
        using var folder = new Capture.Tests.TemporaryFolder();
        string disk = folder.Combine("disk");
        Directory.CreateDirectory(disk);
        FileSystemMount.Mount("tmpfs", disk, "tmpfs", MountOptions.None, "size=2m");
        try
        {
            using var server = SshServer.Start(Receive(disk + " --keep-free 1K"));
            using (CrashStore store = Open(server))
            {
                store.Begin(TestCrash.Time, TestCrash.Host);
                TestCrash.Send(store, "dmesg.txt", "a log"u8.ToArray());
                IOException full = Assert.Throws<IOException>(() => TestCrash.Send(store, "vmcore.flat", TestCrash.Flattened));
                Assert.Contains("No space left", full.Message, StringComparison.OrdinalIgnoreCase);
                TestCrash.Send(store, "manifest.json", TestCrash.Manifest(complete: false));
                store.Publish(complete: false);
            }

            string crash = Assert.Single(Directory.GetDirectories(disk));
            Assert.EndsWith(".incomplete", crash, StringComparison.Ordinal);
            Assert.Equal("a log", File.ReadAllText(Path.Combine(crash, "dmesg.txt")));
            Assert.Equal(TierStatus.Partial, CaptureManifest.Load(Path.Combine(crash, "manifest.json")).Tiers[^1].Status);
        }
        finally
        {
            // What was killed may have files open for a moment longer.
            Assert.Equal(0, ToolRun.Of("/", "umount", "-l", disk).Code);
        }
    }

    private static string Receive(string arguments) => $"{Path.Combine(AppContext.BaseDirectory, "lifeboat")} receive {arguments}";

    private static CrashStore Open(SshServer server) => SshStores.Open(
        new SshTarget("a", "b") { Command = SshCommand.Receive }, CaptureSettings.Defaults, server.Connection, TimeProvider.System, CancellationToken.None);
}
