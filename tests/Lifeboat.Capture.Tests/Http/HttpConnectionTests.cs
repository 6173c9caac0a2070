using System.Net;
using System.Net.Sockets;
using System.Text;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Tests.Servers;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Http;

public sealed class HttpConnectionTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n", 200, "hello")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 x\r\nA: b\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201, "")]
    [InlineData("HTTP/1.1 204\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, "ok")]
    public void Reads_answers(string answer, int status, string body)
    {
        using var server = new ScriptedServer(answer, ScriptedServer.Answer(299));
        using var connection = new HttpConnection(TestServer.At(server.Port), CancellationToken.None);
        HttpResponse response = connection.Send(new HttpRequest("PUT", "/a").With("X", "y"), "abc"u8);
        Assert.Equal((status, body), (response.Status, Encoding.ASCII.GetString(response.Body)));
        Assert.Equal(299, connection.Send(new HttpRequest("GET", "/b"), []).Status);
        Assert.Equal(
            $"PUT /a HTTP/1.1\r\nHost: dumps.test:{server.Port}\r\nUser-Agent: lifeboat\r\nX: y\r\nContent-Length: 3", server.Heads[0]);
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n\r\n")]
    [InlineData("HTTP/1.1 999 x\r\n\r\n")]
    [InlineData("HTTP/2 200 x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 x\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 x\r\nContent-Length: 2000000\r\n\r\n")]
    [InlineData("HTTP/1.1 200 x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 x\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n")]
    [InlineData("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\n")]
    [InlineData("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")]
    public void Refuses_what_is_no_answer(string answer)
    {
        using var server = new ScriptedServer(answer);
        using var connection = new HttpConnection(TestServer.At(server.Port), CancellationToken.None);
        DiagnosticException error = Assert.Throws<DiagnosticException>(() => connection.Send(new HttpRequest("GET", "/"), []));
        Assert.Equal(CaptureDiagnostics.BadAnswer, error.Diagnostics[0].Id);
    }

    [Fact]
    public void What_an_answer_may_have_is_limited()
    {
        AssertBad(string.Concat(Enumerable.Repeat("HTTP/1.1 100 x\r\n\r\n", 11)));
        AssertBad("HTTP/1.1 200 x\r\n" + string.Concat(Enumerable.Repeat("a: b\r\n", 101)));
        AssertBad("HTTP/1.1 200 x\r\na: " + new string('b', 33_000));
        AssertBad("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat("1\r\na\r\n", 1_100_000)));
    }

    [Fact]
    public void Damaged_answers_end_in_an_answer_or_an_error()
    {
        byte[] answer = "HTTP/1.1 200 OK\r\nContent-Type: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n"u8.ToArray();
        foreach (byte[] damaged in Mutations.Of(answer, 20_000, seed: 11))
        {
            try
            {
                HttpResponse response = new HttpResponseReader(new BytesChannel(damaged), "x").Read(isHead: false);
                Assert.InRange(response.Body.Length, 0, damaged.Length);
            }
            catch (Exception error) when (error is DiagnosticException or TransportException)
            {
            }
        }
    }

    [Fact]
    public void A_connection_that_the_server_has_ended_meanwhile_is_made_anew()
    {
        using var server = new ScriptedServer(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", ScriptedServer.Answer(200), ScriptedServer.Answer(200));
        using var connection = new HttpConnection(TestServer.At(server.Port), CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(200, connection.Send(new HttpRequest("GET", "/"), []).Status);
        }
    }

    [Fact]
    public void The_next_address_is_tried_when_one_refuses()
    {
        using var server = new ScriptedServer(ScriptedServer.Answer(200));
        using var connection = new HttpConnection(
            TestServer.At([IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.1")], server.Port), CancellationToken.None);
        Assert.Equal(200, connection.Send(new HttpRequest("GET", "/"), []).Status);
    }

    [Fact]
    public void Connects_by_ipv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        using var server = new ScriptedServer(IPAddress.IPv6Loopback, ScriptedServer.Answer(200));
        using var connection = new HttpConnection(TestServer.At([IPAddress.IPv6Loopback], server.Port), CancellationToken.None);
        Assert.Equal(200, connection.Send(new HttpRequest("GET", "/"), []).Status);
    }

    [Fact]
    public void A_server_that_refuses_the_connection_is_told()
    {
        int port;
        using (var server = new ScriptedServer())
        {
            port = server.Port;
        }

        using var connection = new HttpConnection(TestServer.At(port), CancellationToken.None);
        TransportException error = Assert.Throws<TransportException>(() => connection.Send(new HttpRequest("GET", "/"), []));
        Assert.Contains("ECONNREFUSED", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_takes_nothing_ends_in_an_error_in_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        HttpServer server = TestServer.At(
            ((IPEndPoint)listener.LocalEndpoint).Port, timeouts: TestServer.Short with { Write = TimeSpan.FromMilliseconds(150) });
        using var connection = new HttpConnection(server, CancellationToken.None);
        TransportException error = Assert.Throws<TransportException>(() => connection.Send(new HttpRequest("PUT", "/"), new byte[64 << 20]));
        Assert.True(error.IsStall);
        Assert.Contains("send to 127.0.0.1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_does_not_know_expectations_is_sent_the_body()
    {
        using var server = new ScriptedServer("");
        using var connection = new HttpConnection(
            TestServer.At(server.Port, timeouts: TestServer.Short with { Continue = TimeSpan.FromMilliseconds(50) }), CancellationToken.None);
        Assert.Null(connection.Begin(new HttpRequest("PUT", "/")));

        // The client goes on without an answer, perhaps before the server has read anything.
        Assert.True(SpinWait.SpinUntil(() => server.Heads.Count > 0, TimeSpan.FromMinutes(1)));
        Assert.Contains("Expect: 100-continue", server.Heads[0], StringComparison.Ordinal);
    }

    private static void AssertBad(string answer) => Assert.Throws<DiagnosticException>(
        () => new HttpResponseReader(new BytesChannel(Encoding.ASCII.GetBytes(answer)), "x").Read(isHead: false));

    private sealed class BytesChannel(byte[] bytes) : Channel
    {
        private int _at;

        internal override bool HasInput => _at < bytes.Length;

        internal override bool WaitForInput(TimeSpan limit) => HasInput;

        internal override int Read(Span<byte> target)
        {
            int count = Math.Min(target.Length, bytes.Length - _at);
            bytes.AsSpan(_at, count).CopyTo(target);
            _at += count;
            return count;
        }

        internal override void Write(ReadOnlySpan<byte> data)
        {
        }

        internal override void Flush()
        {
        }

        public override void Dispose()
        {
        }
    }
}
