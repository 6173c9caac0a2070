using System.Security.Cryptography;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Stores.Upload;
using Lifeboat.Capture.Tests.Servers;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Stores.Upload;

/// <summary>Against s3rver, which speaks the protocol and checks signatures.</summary>
public sealed class ObjectStoreTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 14, 22, 33, TimeSpan.Zero);
    private static readonly ObjectKeys Keys = new("S3RVER", "S3RVER", token: null);

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Objects_arrive_as_they_were_written_small_ones_and_those_of_parts(int connections)
    {
        using ServerProcess server = ServerProcess.ObjectStore(_folder.Combine("store"));
        byte[] dump = TestServer.Bytes(23_000_001);
        using (var store = new ObjectStore(TestServer.At(server.Port, "/crashes/lab", host: "localhost"), Keys, "us-east-1", connections, CancellationToken.None))
        {
            store.Begin(Time, "web 1+ä");
            Put(store, "dmesg.txt", "hello\n"u8.ToArray());
            StoredFile stored = Put(store, "vmcore.flat", dump);
            Assert.Equal(new StoredFile("vmcore.flat", dump.Length, Convert.ToHexStringLower(SHA256.HashData(dump))), stored);
            Put(store, "empty", []);
            Put(store, "dmesg.txt", "again\n"u8.ToArray());
            store.Publish(complete: true);
            Assert.Equal($"http://localhost:{server.Port}/crashes/lab/20260131T142233Z-web_1__", store.Location);
        }

        Assert.Equal(["begun", "complete", "dmesg.txt", "empty", "vmcore.flat"], Stored("20260131T142233Z-web_1__").Keys);
        Assert.Equal("again\n"u8.ToArray(), Stored("20260131T142233Z-web_1__")["dmesg.txt"]);
        Assert.Equal(dump, Stored("20260131T142233Z-web_1__")["vmcore.flat"]);
    }

    [Fact]
    public void Parts_that_are_cut_are_sent_again()
    {
        using ServerProcess server = ServerProcess.ObjectStore(_folder.Combine("store"));
        using var proxy = new CuttingProxy(server.Port, 5_000_000, 3_000_000, 100, 7_000_000);
        byte[] dump = TestServer.Bytes(17_000_000);
        using (var store = new ObjectStore(TestServer.At(proxy.Port, "/crashes", host: "localhost"), Keys, "us-east-1", 2, CancellationToken.None))
        {
            store.Begin(Time, "web1");
            Put(store, "vmcore.flat", dump);
        }

        Assert.Equal(0, proxy.Left);
        Assert.Equal(dump, Stored("20260131T142233Z-web1")["vmcore.flat"]);
    }

    [Fact]
    public void Wrong_keys_are_told_and_nothing_is_sent_after_them()
    {
        using ServerProcess server = ServerProcess.ObjectStore(_folder.Combine("store"));
        using var store = new ObjectStore(
            TestServer.At(server.Port, "/crashes", host: "localhost"), new ObjectKeys("S3RVER", "wrong", null), "us-east-1", 1, CancellationToken.None);
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => store.Begin(Time, "web1"));
        Assert.Equal(CaptureDiagnostics.UploadRefused, refusal.Diagnostics[0].Id);
        Assert.Contains("SignatureDoesNotMatch", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("may they write there?", refusal.Message, StringComparison.Ordinal);
        Assert.Single(server.StopAndRead(), line => line.StartsWith("PUT ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bucket_that_is_not_there_is_told()
    {
        using ServerProcess server = ServerProcess.ObjectStore(_folder.Combine("store"));
        using var store = new ObjectStore(TestServer.At(server.Port, "/none", host: "localhost"), Keys, "us-east-1", 1, CancellationToken.None);
        Assert.Contains("NoSuchBucket", Assert.Throws<DiagnosticException>(() => store.Begin(Time, "web1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_that_is_given_up_is_aborted()
    {
        using ServerProcess server = ServerProcess.ObjectStore(_folder.Combine("store"));
        using (var store = new ObjectStore(TestServer.At(server.Port, "/crashes", host: "localhost"), Keys, "us-east-1", 2, CancellationToken.None))
        {
            store.Begin(Time, "web1");
            using (CrashFileStream file = store.Create("vmcore.flat"))
            {
                file.Write(TestServer.Bytes(12 << 20));
            }

            store.Publish(complete: false);
        }

        Assert.Equal(["begun", "incomplete"], Stored("20260131T142233Z-web1").Keys);
        Assert.Contains(server.StopAndRead(), line => line.StartsWith("DELETE /crashes/20260131T142233Z-web1/vmcore.flat?uploadId=", StringComparison.Ordinal));
    }

    [Fact]
    public void An_upload_whose_last_answer_was_lost_is_found_done()
    {
        using var server = new ScriptedServer(
            ScriptedServer.Answer(200, "", "<x><UploadId>a/b</UploadId></x>"),
            ScriptedServer.Answer(200, "ETag: \"1\"\r\n"),
            ScriptedServer.Answer(200, "ETag: \"2\"\r\n"),
            ScriptedServer.Answer(200, "", "<Error><Code>InternalError</Code></Error>"),
            ScriptedServer.Answer(404, "", "<Error><Code>NoSuchUpload</Code></Error>"),
            $"HTTP/1.1 200 OK\r\nContent-Length: {6 << 20}\r\n\r\n");
        using var store = new ObjectStore(TestServer.At(server.Port, "/crashes", host: "localhost"), Keys, "us-east-1", 1, CancellationToken.None);
        Put(store, "vmcore.flat", new byte[6 << 20]);
        Assert.Equal(["POST", "PUT", "PUT", "POST", "POST", "HEAD"], server.Heads.Select(head => head.Split(' ')[0]));
        Assert.Contains("?partNumber=2&uploadId=a%2Fb ", server.Heads[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_read_as_the_tools_of_object_stores_write_them()
    {
        ObjectKeys keys = ObjectKeys.Parse("[default]\naws_access_key_id = AB\naws_secret_access_key=c/d+e\n\n[other]\naws_access_key_id = X\naws_session_token = T\n", "k");
        Assert.Equal(("AB", "c/d+e", "T"), (keys.Id, keys.Secret, keys.Token));
        Assert.Throws<DiagnosticException>(() => ObjectKeys.Parse("aws_access_key_id = AB\n", "k"));
        Assert.Throws<DiagnosticException>(() => ObjectKeys.Parse("aws_access_key_id = A B\naws_secret_access_key = x\n", "k"));
    }

    [Fact]
    public void Parts_are_few_enough_and_grow_only_when_a_dump_is_large()
    {
        using var store = new ObjectStore(TestServer.At(1, "/crashes", host: "localhost"), Keys, "us-east-1", 1, CancellationToken.None);
        var sender = new ObjectSender(store, "/x");
        Assert.Equal(5 << 20, sender.SizeOf(999));
        Assert.Equal(10 << 20, sender.SizeOf(1000));
        Assert.True(Enumerable.Range(0, 10_000).Sum(number => (long)sender.SizeOf(number)) > 256L << 30);
    }

    public void Dispose() => _folder.Dispose();

    private static StoredFile Put(CrashStore store, string name, byte[] content)
    {
        using CrashFileStream file = store.Create(name);
        file.Write(content);
        return file.Commit();
    }

    private SortedDictionary<string, byte[]> Stored(string crash) => new(
        StoredUploads.InObjectStore(_folder.Combine("store"))
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file.Key)) == crash)
            .ToDictionary(file => Path.GetFileName(file.Key), file => File.ReadAllBytes(file.Value)),
        StringComparer.Ordinal);
}
