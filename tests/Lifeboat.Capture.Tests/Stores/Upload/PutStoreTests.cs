using System.Security.Cryptography.X509Certificates;
using Lifeboat.Capture.Http.Tls;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Stores.Upload;
using Lifeboat.Capture.Tests.Http.Tls;
using Lifeboat.Capture.Tests.Servers;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Stores.Upload;

/// <summary>Against nginx.</summary>
public sealed class PutStoreTests : IDisposable
{
    private const string MakesFolders = "dav_methods PUT; create_full_put_path on;";

    private static readonly DateTimeOffset Time = new(2026, 1, 31, 14, 22, 33, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(MakesFolders)]
    [InlineData("dav_methods PUT MKCOL;")]
    public void Files_arrive_as_they_were_written(string methods)
    {
        Directory.CreateDirectory(_folder.Combine("root/dumps"));
        using ServerProcess server = ServerProcess.Nginx(_folder, $"root {_folder.Path}/root; {methods}");
        byte[] dump = TestServer.Bytes(13_000_001);
        using (var store = new PutStore(TestServer.At(server.Port, "/dumps/"), null, CancellationToken.None))
        {
            store.Begin(Time, "web1");
            Put(store, "dmesg.txt", "hello\n"u8.ToArray());
            Put(store, "manifest.json", "{}"u8.ToArray());
            Put(store, "vmcore.flat", dump);
            Put(store, "manifest.json", "{ }"u8.ToArray());
            store.Publish(complete: true);
        }

        string crash = _folder.Combine("root/dumps/20260131T142233Z-web1");
        Assert.Equal(
            ["begun", "complete", "dmesg.txt", "manifest.json", "vmcore.flat"],
            Directory.GetFiles(crash).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(dump, File.ReadAllBytes(crash + "/vmcore.flat"));
        Assert.Equal("{ }", File.ReadAllText(crash + "/manifest.json"));
    }

    [Fact]
    public void Files_arrive_through_tls()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue("dumps.test");
        string chain = _folder.Write("server.pem", certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Directory.CreateDirectory(_folder.Combine("root"));
        using ServerProcess tls = ServerProcess.Nginx(
            _folder, $"root {_folder.Path}/root; {MakesFolders} ssl_certificate {chain}; ssl_certificate_key {chain};", "ssl");
        byte[] dump = TestServer.Bytes(9_000_000);
        using (var store = new PutStore(TestServer.At(tls.Port, "/", TlsTrust.InAuthorities(authority.Pem, "ca.pem")), null, CancellationToken.None))
        {
            store.Begin(Time, "web1");
            Put(store, "vmcore.flat", dump);
        }

        Assert.Equal(dump, File.ReadAllBytes(_folder.Combine("root/20260131T142233Z-web1/vmcore.flat")));
    }

    [Fact]
    public void A_small_file_that_is_cut_is_sent_again_and_a_large_one_fails_with_the_reason()
    {
        Directory.CreateDirectory(_folder.Combine("root"));
        using ServerProcess server = ServerProcess.Nginx(_folder, $"root {_folder.Path}/root; {MakesFolders}");
        using var proxy = new CuttingProxy(server.Port, 2_000_000, 6_000_000);
        using var store = new PutStore(TestServer.At(proxy.Port), null, CancellationToken.None);
        store.Begin(Time, "web1");
        byte[] report = TestServer.Bytes(3_000_000);
        Put(store, "report.json", report);
        IOException failure = Assert.Throws<IOException>(() => Put(store, "vmcore.flat", TestServer.Bytes(30_000_000)));
        Assert.Contains("cannot be sent again by PUT. Use protocol=tus", failure.Message, StringComparison.Ordinal);
        store.Publish(complete: false);
        Assert.Equal(report, File.ReadAllBytes(_folder.Combine("root/20260131T142233Z-web1/report.json")));
        Assert.Equal(
            ["begun", "incomplete", "report.json"],
            Directory.GetFiles(_folder.Combine("root/20260131T142233Z-web1")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_wrong_token_is_told_and_nothing_is_sent_after_it()
    {
        Directory.CreateDirectory(_folder.Combine("root"));
        using ServerProcess server = ServerProcess.Nginx(
            _folder, $"root {_folder.Path}/root; if ($http_authorization != 'Basic cmlnaHQ=') {{ return 401; }} {MakesFolders}");
        using (var store = new PutStore(TestServer.At(server.Port), AccessToken.Parse("wrong", "token"), CancellationToken.None))
        {
            Assert.Contains("status 401", Assert.Throws<DiagnosticException>(() => store.Begin(Time, "web1")).Message, StringComparison.Ordinal);
        }

        using (var store = new PutStore(TestServer.At(server.Port), AccessToken.Parse("Basic cmlnaHQ=\n", "token"), CancellationToken.None))
        {
            store.Begin(Time, "web1");
        }

        string[] requests = File.ReadAllLines(_folder.Combine("access.log"));
        Assert.Single(requests, line => line.EndsWith(" 401", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_takes_no_files_is_told()
    {
        Directory.CreateDirectory(_folder.Combine("root"));
        using ServerProcess server = ServerProcess.Nginx(_folder, $"root {_folder.Path}/root;");
        using var store = new PutStore(TestServer.At(server.Port), null, CancellationToken.None);
        Assert.Contains("does the server take files there?", Assert.Throws<DiagnosticException>(() => store.Begin(Time, "web1")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static StoredFile Put(CrashStore store, string name, byte[] content)
    {
        using CrashFileStream file = store.Create(name);
        file.Write(content);
        return file.Commit();
    }
}
