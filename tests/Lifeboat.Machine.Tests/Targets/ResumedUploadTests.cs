using System.Net;
using System.Security.Cryptography.X509Certificates;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Tests.Http.Tls;
using Lifeboat.Capture.Tests.Servers;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Machine.Tests.Faults;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>Servers that refuse get nothing of a crash, and the one that takes it gets all of it over connections that are cut.</summary>
public sealed class ResumedUploadTests : IDisposable
{
    private readonly Capture.Tests.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void After_an_expired_certificate_a_wrong_token_and_a_server_that_forbids_a_cut_upload_by_tus_goes_on()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 expired = authority.Issue("localhost", daysLeft: -2);
        string chain = _folder.Write(
            "server.pem", expired.ExportCertificatePem() + "\n" + expired.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        using var lateFolder = new Capture.Tests.TemporaryFolder();
        using var forbiddingFolder = new Capture.Tests.TemporaryFolder();
        using ServerProcess late = Web(lateFolder, $"ssl_certificate {chain}; ssl_certificate_key {chain};", "ssl");
        using ServerProcess forbidding = Web(forbiddingFolder, "deny all;");
        using ServerProcess closed = ServerProcess.Tus(_folder.Combine("closed"), authorization: "Bearer right");
        using ServerProcess open = ServerProcess.Tus(_folder.Combine("open"));
        using var proxy = new CuttingProxy(open.Port, 1_000_000, 5_000_000);
        List<string> console = new FaultyCapture
        {
            Series = "6.12",
            Plan = new GuestPlan { Mode = GuestMode.Crash, Seed = 1 },
            Settings = $"""
                https https://localhost:{late.Port}/ protocol=put ca={_folder.Write("ca.pem", authority.Pem)}
                http http://localhost:{forbidding.Port}/ protocol=put
                http http://localhost:{closed.Port}/files token={_folder.Write("token", "wrong")}
                http http://localhost:{proxy.Port}/files
                dump_level 17
                """,
        }.Run();
        string said = FaultyCapture.Said(console);
        Assert.True(proxy.Left == 0, said);
        AssertWhole(StoredUploads.InTus(_folder.Combine("open")), said);

        // One said who it is, and was told good-bye; the others refused what is sent first, which has nothing of the crash.
        Assert.Empty(File.ReadAllText(lateFolder.Combine("access.log")));
        string[] forbidden = File.ReadAllLines(forbiddingFolder.Combine("access.log"));
        Assert.All(forbidden, static line => Assert.EndsWith(" 403", line, StringComparison.Ordinal));
        Assert.EndsWith("/begun 403", Assert.Single(forbidden, static line => line.StartsWith("PUT ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(forbiddingFolder.Combine("root")));
        Assert.Empty(Directory.GetFiles(_folder.Combine("closed")));
        Assert.Equal("OPTIONS /files", Assert.Single(closed.StopAndRead(), static line => line.EndsWith(" /files", StringComparison.Ordinal)));
        Assert.Equal(3, console.Count(static line => line.Contains("the next target is tried", StringComparison.Ordinal)));
        Assert.Contains("certificate, or a CA's above it, has ended", said, StringComparison.Ordinal);
    }

    [Fact]
    public void After_wrong_keys_a_cut_upload_over_IPv6_to_an_object_store_is_finished()
    {
        using ServerProcess store = ServerProcess.ObjectStore(_folder.Combine("store"));
        using var proxy = new CuttingProxy(store.Port, IPAddress.IPv6Loopback, 3_000_000, 1_000_000);
        List<string> console = new FaultyCapture
        {
            Plan = new GuestPlan { Mode = GuestMode.Crash, Seed = 1 },
            Settings = $"""
                s3 http://127.0.0.1:{store.Port}/crashes/refused credentials={Keys("wrong")} region=us-east-1
                s3 http://localhost:{proxy.Port}/crashes/lab credentials={Keys("S3RVER")} region=us-east-1 connections=3
                dump_level 17
                """,
            PlanFor = static host => host == "127.0.0.1" ? GuestNetwork.PlanFor(host, HostAddresses.Of) : NetworkPlan.Parse($"""
                target {host}
                card mac={GuestNetwork.Mac} name=eth0 mtu=1500
                address fec0::15/64 link=0 by=static
                route fec0::2 link=0 source=fec0::15 by=plan
                module virtio_net

                """, "the test's plan"),
        }.Run();
        string said = FaultyCapture.Said(console);
        Assert.True(proxy.Left == 0, said);
        AssertWhole(StoredUploads.InObjectStore(_folder.Combine("store")), said);
        Assert.Contains("SignatureDoesNotMatch", said, StringComparison.Ordinal);
    }

    private string Keys(string secret) =>
        _folder.Write($"keys-{secret}", $"aws_access_key_id = S3RVER\naws_secret_access_key = {secret}\n");

    // A web server that takes what is put.
    private static ServerProcess Web(Capture.Tests.TemporaryFolder folder, string settings, string listen = "")
    {
        Directory.CreateDirectory(folder.Combine("root"));
        return ServerProcess.Nginx(folder, $"root {folder.Path}/root; dav_methods PUT; create_full_put_path on; {settings}", listen);
    }

    private void AssertWhole(IReadOnlyDictionary<string, string> stored, string said)
    {
        Assert.True(stored.Count > 0, said);
        string crash = StoredUploads.LayOut(stored, _folder.Combine("found"));
        Assert.True(File.Exists(Path.Combine(crash, "complete")), said);
        new SavedCrash(crash).MustBeWhole();
    }
}
