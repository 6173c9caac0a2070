using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Stores.Upload;
using Lifeboat.Capture.Tests.Servers;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Stores.Upload;

/// <summary>Against @tus/server, a server of the protocol's own authors.</summary>
public sealed class TusStoreTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 14, 22, 33, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Files_arrive_as_they_were_written_with_their_names()
    {
        using ServerProcess server = ServerProcess.Tus(_folder.Combine("store"));
        byte[] dump = TestServer.Bytes(11_000_001);
        using (var store = new TusStore(TestServer.At(server.Port, "/files"), null, CancellationToken.None))
        {
            store.Begin(Time, "web1");
            Put(store, "dmesg.txt", "hello\n"u8.ToArray());
            StoredFile stored = Put(store, "vmcore.flat", dump);
            Assert.Equal(new StoredFile("vmcore.flat", dump.Length, Convert.ToHexStringLower(SHA256.HashData(dump))), stored);
            Put(store, "empty", []);
            store.Publish(complete: true);
            Assert.Equal($"http://dumps.test:{server.Port}/files (20260131T142233Z-web1)", store.Location);
        }

        IReadOnlyDictionary<string, byte[]> files = Stored();
        Assert.Equal(["begun", "complete", "dmesg.txt", "empty", "vmcore.flat"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("hello\n"u8.ToArray(), files["dmesg.txt"]);
        Assert.Equal(dump, files["vmcore.flat"]);
    }

    [Theory]
    [InlineData(3_000_000)]
    [InlineData(4 << 20)]
    [InlineData((8 << 20) + 5)]
    public void An_upload_that_is_cut_again_and_again_goes_on_where_the_server_has_it(int size)
    {
        using ServerProcess server = ServerProcess.Tus(_folder.Combine("store"));
        using var proxy = new CuttingProxy(server.Port, 100_000, 2_000_000, 50, 1_000_000, 300_000);
        byte[] dump = TestServer.Bytes(size);
        using (var store = new TusStore(TestServer.At(proxy.Port, "/files"), null, CancellationToken.None))
        {
            store.Begin(Time, "web1");
            Put(store, "vmcore.flat", dump);
            store.Publish(complete: true);
        }

        Assert.Equal(dump, Stored()["vmcore.flat"]);
        Assert.Contains(server.StopAndRead(), line => line.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_dies_and_comes_back_gets_the_rest()
    {
        byte[] dump = TestServer.Bytes(40 << 20);
        ServerProcess server = ServerProcess.Tus(_folder.Combine("store"));
        try
        {
            using var store = new TusStore(TestServer.At(server.Port, "/files"), null, CancellationToken.None);
            store.Begin(Time, "web1");
            using (CrashFileStream file = store.Create("vmcore.flat"))
            {
                file.Write(dump.AsSpan(0, 17 << 20));
                int port = server.Port;
                server.Dispose();
                server = ServerProcess.Tus(_folder.Combine("store"), port);
                file.Write(dump.AsSpan(17 << 20));
                file.Commit();
            }

            store.Publish(complete: true);
        }
        finally
        {
            server.Dispose();
        }

        Assert.Equal(dump, Stored()["vmcore.flat"]);
    }

    [Fact]
    public void A_wrong_token_is_told_and_nothing_is_sent_after_it()
    {
        using ServerProcess server = ServerProcess.Tus(_folder.Combine("store"), authorization: "Bearer right");
        using (var store = new TusStore(TestServer.At(server.Port, "/files"), AccessToken.Parse("wrong\n", "token"), CancellationToken.None))
        {
            DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => store.Begin(Time, "web1"));
            Assert.Equal(CaptureDiagnostics.UploadRefused, refusal.Diagnostics[0].Id);
            Assert.Contains("status 401: no such token", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Single(server.StopAndRead(), line => line.EndsWith(" /files", StringComparison.Ordinal));
        using ServerProcess again = ServerProcess.Tus(_folder.Combine("store"), authorization: "Bearer right");
        using (var store = new TusStore(TestServer.At(again.Port, "/files"), AccessToken.Parse("right\n", "token"), CancellationToken.None))
        {
            store.Begin(Time, "web1");
        }

        Assert.Equal(["begun"], Stored().Keys);
    }

    [Fact]
    public void A_file_that_is_given_up_stays_an_upload_without_an_end()
    {
        using ServerProcess server = ServerProcess.Tus(_folder.Combine("store"));
        using (var store = new TusStore(TestServer.At(server.Port, "/files"), null, CancellationToken.None))
        {
            store.Begin(Time, "web1");
            using (CrashFileStream file = store.Create("vmcore.flat"))
            {
                file.Write(TestServer.Bytes(12 << 20));
            }

            Assert.InRange(store.Kept("vmcore.flat") ?? 0, 4 << 20, 12 << 20);
            store.Publish(complete: false);
        }

        Assert.Equal(["begun", "incomplete", "vmcore.flat"], Stored().Keys.Order(StringComparer.Ordinal));
        Assert.Contains(Directory.GetFiles(_folder.Combine("store"), "*.json"), file =>
            !JsonDocument.Parse(File.ReadAllText(file)).RootElement.TryGetProperty("size", out _));
    }

    [Theory]
    [InlineData("", "no upload whose length is not known", 5 << 20)]
    [InlineData("Tus-Extension: termination\r\n", "takes no uploads by the protocol tus 1.0", 1)]
    public void Says_what_a_server_lacks(string fields, string expected, int size)
    {
        string options = ScriptedServer.Answer(200, fields.Length > 0 ? "Tus-Version: 1.0.0\r\n" + fields : "Tus-Version: 0.2,1.0.0\r\nTus-Extension: creation\r\n");
        using var server = new ScriptedServer(options, ScriptedServer.Answer(201, "Location: x/y\r\n"), ScriptedServer.Answer(204, $"Upload-Offset: {HttpStore.BegunText.Length}\r\n"));
        using var store = new TusStore(TestServer.At(server.Port, "/files/"), null, CancellationToken.None);
        DiagnosticException lack = Assert.Throws<DiagnosticException>(() =>
        {
            store.Begin(Time, "web1");
            Put(store, "vmcore.flat", TestServer.Bytes(size));
        });
        Assert.Equal(CaptureDiagnostics.ServerLacks, lack.Diagnostics[0].Id);
        Assert.Contains(expected, lack.Message, StringComparison.Ordinal);
        Assert.True(size == 1 || server.Heads[2].StartsWith("PATCH /files/x/y HTTP/1.1\r\n", StringComparison.Ordinal), server.Heads[^1]);
    }

    [Fact]
    public void Each_piece_has_its_checksum_where_the_server_checks_it_and_one_that_does_not_match_is_sent_again()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Answer(204, "Tus-Version: 1.0.0\r\nTus-Extension: creation,checksum\r\nTus-Checksum-Algorithm: sha1,sha256\r\n"),
            ScriptedServer.Answer(201, "Location: http://inside.example/files/1?a=b\r\n"),
            ScriptedServer.Answer(460),
            ScriptedServer.Answer(200, "Upload-Offset: 0\r\nUpload-Length: 1\r\n"),
            ScriptedServer.Answer(204, $"Upload-Offset: {HttpStore.BegunText.Length}\r\n"));
        using var store = new TusStore(TestServer.At(server.Port, "/files/"), null, CancellationToken.None);
        store.Begin(Time, "web1");
        Assert.Contains(
            "Upload-Checksum: sha256 " + Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(HttpStore.BegunText))), server.Heads[4], StringComparison.Ordinal);
        Assert.Equal(["PATCH", "HEAD", "PATCH"], server.Heads.Skip(2).Select(head => head.Split(' ')[0]));
        Assert.All(server.Heads.Skip(2), head => Assert.Contains(" /files/1?a=b ", head, StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_accepts_and_stalls_ends_in_an_error_in_time()
    {
        using var server = new ScriptedServer();
        using var store = new TusStore(
            TestServer.At(server.Port, "/files/", timeouts: TestServer.Short with { Read = TimeSpan.FromMilliseconds(150), Retry = TimeSpan.Zero }),
            null, CancellationToken.None);
        IOException failure = Assert.Throws<IOException>(() => store.Begin(Time, "web1"));
        Assert.Contains("nothing for 0.2 s (given up after 1 try)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_ends_when_the_targets_time_is_over()
    {
        using var server = new ScriptedServer();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        using var store = new TusStore(TestServer.At(server.Port, "/files/"), null, limit.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => store.Begin(Time, "web1"));
    }

    public void Dispose() => _folder.Dispose();

    private static StoredFile Put(CrashStore store, string name, byte[] content)
    {
        using CrashFileStream file = store.Create(name);
        for (int at = 0; at < content.Length; at += 1_000_003)
        {
            file.Write(content.AsSpan(at, Math.Min(1_000_003, content.Length - at)));
        }

        return file.Commit();
    }

    private SortedDictionary<string, byte[]> Stored()
    {
        Assert.All(StoredUploads.InTus(_folder.Combine("store")).Keys, path => Assert.StartsWith("20260131T142233Z-web1/", path, StringComparison.Ordinal));
        return new SortedDictionary<string, byte[]>(
            StoredUploads.InTus(_folder.Combine("store")).ToDictionary(file => Path.GetFileName(file.Key), file => File.ReadAllBytes(file.Value)),
            StringComparer.Ordinal);
    }
}
