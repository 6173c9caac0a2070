using System.Net;
using Lifeboat.Capture.Http.Tls;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Http;

/// <summary>A server that files are sent to, and how it is reached.</summary>
public sealed class HttpServer
{
    /// <summary>A server.</summary>
    /// <param name="url">Where on it files go.</param>
    /// <param name="addresses">The addresses of its host, resolved when the ramdisk was built; tried in this order.</param>
    /// <param name="trust">Which certificates are trusted; needed by https, and only by it.</param>
    /// <param name="timeouts">How long it is waited for.</param>
    /// <param name="clock">This machine's clock.</param>
    public HttpServer(HttpUrl url, IReadOnlyList<IPAddress> addresses, TlsTrust? trust, HttpTimeouts timeouts, TimeProvider clock)
    {
        if (addresses.Count == 0)
        {
            throw new ArgumentException("a server without an address cannot be reached", nameof(addresses));
        }

        if (url.IsSecure != trust is not null)
        {
            throw new ArgumentException("https needs certificates to trust, http has none", nameof(trust));
        }

        Url = url;
        Addresses = addresses;
        Timeouts = timeouts;
        Clock = clock;
        Tls = trust is null ? null : new TlsServer(url.Host, trust, clock);
    }

    /// <summary>Where on it files go.</summary>
    public HttpUrl Url { get; }

    /// <summary>The addresses of its host.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>How long it is waited for.</summary>
    public HttpTimeouts Timeouts { get; }

    internal TimeProvider Clock { get; }

    internal TlsServer? Tls { get; }

    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="TransportException">None does.</exception>
    /// <exception cref="DiagnosticException">It is not the server that it should be.</exception>
    internal Channel Connect(CancellationToken cancellation)
    {
        var failures = new List<string>();
        foreach (IPAddress address in Addresses)
        {
            SocketChannel channel;
            try
            {
                channel = SocketChannel.Connect(address, Url.Port, Timeouts, cancellation);
            }
            catch (TransportException failure)
            {
                failures.Add(failure.Message);
                continue;
            }

            return Tls is null ? channel : TlsChannel.Open(channel, Tls);
        }

        throw new TransportException($"{Url.Authority}: {string.Join("; ", failures)}");
    }
}
