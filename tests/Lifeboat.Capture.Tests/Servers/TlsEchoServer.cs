using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Lifeboat.Capture.Tests.Servers;

/// <summary>Sends back what comes through TLS, by OpenSSL; and keeps count of it.</summary>
internal sealed class TlsEchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly SslProtocols _protocols;
    private long _received;

    public TlsEchoServer(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        _certificate = certificate;
        _protocols = protocols;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that came out of TLS.</summary>
    public long Received => Interlocked.Read(ref _received);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = EchoAsync(client);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task EchoAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(_certificate, false, _protocols, false);
                byte[] buffer = new byte[65536];
                for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
                {
                    Interlocked.Add(ref _received, read);
                    await stream.WriteAsync(buffer.AsMemory(0, read));
                }

                await stream.ShutdownAsync();
            }
            catch (Exception end) when (end is IOException or AuthenticationException)
            {
            }
        }
    }
}
