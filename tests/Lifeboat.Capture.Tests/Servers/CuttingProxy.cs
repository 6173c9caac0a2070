using System.Net;
using System.Net.Sockets;

namespace Lifeboat.Capture.Tests.Servers;

/// <summary>
/// Passes connections on to a server, and cuts the first of them after a number of bytes each. With the last cut it may die: then nothing
/// is passed on any more and nothing listens.
/// </summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Queue<int> _cuts;
    private readonly int _target;
    private bool _isDead;

    /// <summary>A proxy; each number is how many bytes towards the server a connection lives for, in their order.</summary>
    public CuttingProxy(int target, params int[] cuts)
        : this(target, IPAddress.Loopback, cuts)
    {
    }

    public CuttingProxy(int target, IPAddress address, params int[] cuts)
    {
        _listener = new TcpListener(address, 0);
        _target = target;
        _cuts = new Queue<int>(cuts);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether it dies with the last cut.</summary>
    public bool Dies { get; init; }

    /// <summary>Cuts that have not happened yet.</summary>
    public int Left
    {
        get
        {
            lock (_cuts)
            {
                return _cuts.Count;
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = PassAsync(client);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                Task back = BackAsync(server, client);
                await ForwardAsync(client.GetStream(), server.GetStream());
                server.Client.Shutdown(SocketShutdown.Send);
                await back;
            }
            catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException)
            {
            }
        }
    }

    // A server that ends a connection that was idle ends the client's, too.
    private static async Task BackAsync(TcpClient server, TcpClient client)
    {
        await server.GetStream().CopyToAsync(client.GetStream());
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[4096];
        long passed = 0;
        for (int read; (read = await from.ReadAsync(buffer)) > 0; passed += read)
        {
            lock (_cuts)
            {
                if (_isDead || (_cuts.Count > 0 && passed + read > _cuts.Peek()))
                {
                    _ = _cuts.TryDequeue(out _);
                    if (Dies && _cuts.Count == 0)
                    {
                        _isDead = true;
                        _listener.Stop();
                    }

                    throw new IOException("cut");
                }
            }

            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
