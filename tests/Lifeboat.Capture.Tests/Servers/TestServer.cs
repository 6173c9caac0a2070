using System.Net;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Http.Tls;

namespace Lifeboat.Capture.Tests.Servers;

/// <summary>Servers on loopback as the client sees them, with short pauses.</summary>
internal static class TestServer
{
    public static HttpTimeouts Short { get; } = new()
    {
        Connect = TimeSpan.FromSeconds(20),
        Read = TimeSpan.FromSeconds(60),
        Write = TimeSpan.FromSeconds(60),
        Retry = TimeSpan.FromSeconds(60),
        FirstPause = TimeSpan.FromMilliseconds(5),
        LongestPause = TimeSpan.FromMilliseconds(200),
    };

    public static HttpServer At(int port, string path = "/", TlsTrust? trust = null, HttpTimeouts? timeouts = null, string host = "dumps.test") =>
        At([IPAddress.Loopback], port, path, trust, timeouts, host);

    public static HttpServer At(
        IPAddress[] addresses, int port, string path = "/", TlsTrust? trust = null, HttpTimeouts? timeouts = null, string host = "dumps.test")
    {
        Assert.True(HttpUrl.TryParse($"{(trust is null ? "http" : "https")}://{host}:{port}{path}", out HttpUrl? url));
        return new HttpServer(url, addresses, trust, timeouts ?? Short, TimeProvider.System);
    }

    /// <summary>Bytes that do not repeat, the same every time.</summary>
    public static byte[] Bytes(int count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
