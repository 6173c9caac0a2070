using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture;
using Lifeboat.Capture.Tests.Servers;
using Lifeboat.Capture.Tests.Ssh;
using Lifeboat.Drill.Inside;
using Lifeboat.Machine.Tests.Faults;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>Servers that say nothing, that are down, and that die in the middle of the dump for good: one after the other, then a disk.</summary>
public sealed class DyingServerTests
{
    private const int UntilDeath = 5_000_000;
    private static readonly Guid Filesystem = new("5a7e9d10-98a3-4c2e-8c11-000000000021");

    [Theory]
    [InlineData("http")]
    [InlineData("ssh")]
    [InlineData("nfs")]
    public void Each_is_left_in_time_keeps_what_it_acknowledged_and_the_disk_gets_everything(string protocol)
    {
        TestMachine.RequireNightly();
        using var folder = new TemporaryFolder();
        var disk = DiskImage.Create(folder.File("disk"), 1L << 30, Filesystem);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string store = Directory.CreateDirectory(folder.File("store")).FullName;
        using NfsServer? nfs = protocol == "nfs" ? NfsServer.Start(folder) : null;
        using ServerProcess? web = protocol == "http" ? ServerProcess.Tus(store) : null;
        using SshServer? ssh = protocol == "ssh" ? SshServer.Start($"{TestMachine.Program} receive {store}") : null;
        using var dying = new CuttingProxy(nfs?.Port ?? web?.Port ?? ssh!.Port, UntilDeath) { Dies = true };
        string Target(int port) => protocol switch
        {
            "http" => $"http http://localhost:{port}/files",
            "ssh" => $"{ssh!.TargetLine("127.0.0.1", port: port)} command=receive",
            _ => $"nfs 127.0.0.1:{NfsServer.Export} port={port} vers=4.1 timeo=50 retrans=1",
        };
        List<string> console = new FaultyCapture
        {
            Series = "6.12",
            Plan = new GuestPlan { Mode = GuestMode.Crash, Seed = 1 },

            // A tenth of it, and a minute for each target that is still to come, are kept back.
            Settings = $"""
                {Target(((IPEndPoint)silent.LocalEndpoint).Port)}
                {Target(ClosedPort())}
                {Target(dying.Port)}
                ext4 UUID={Filesystem}
                deadline 320
                """,
            Devices = FaultyCapture.Drives(disk.Path),
            Limit = TimeSpan.FromSeconds(500),
        }.Run();
        string said = FaultyCapture.Said(console);
        Assert.True(dying.Left == 0, said);
        Assert.Equal(3, console.Count(static line => line.Contains("the next target is tried", StringComparison.Ordinal)));
        string[] acknowledged = web is not null ? [.. StoredUploads.InTus(store).Keys]
            : Directory.GetFiles(nfs?.Folder ?? store, "*", SearchOption.AllDirectories);
        Assert.Contains(acknowledged, static path => Path.GetFileName(path) == CaptureRun.LogFile);
        Assert.Contains(acknowledged, static path => Path.GetFileName(path) == CaptureRun.ReportText);
        Assert.DoesNotContain(acknowledged, static path => Path.GetFileName(path) == "complete");
        new SavedCrash(Assert.Single(Directory.GetDirectories(disk.TakeOut(folder.File("found"))))).MustBeWhole();
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
