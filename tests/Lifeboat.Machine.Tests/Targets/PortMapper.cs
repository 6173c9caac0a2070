using System.Buffers.Binary;
using System.Net.Sockets;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>
/// Says yes to every server that wants to be known by its program's number, as rpcbind does, where none runs: nfs-ganesha serves NFS 3 only if
/// it is told so. Clients do not ask it: they know the ports.
/// </summary>
internal sealed class PortMapper : IDisposable
{
    private const string Place = "/run/rpcbind.sock";
    private const int MostRequest = 4096;

    // Accepted, no credentials, success: true. The caller's number goes before it.
    private static readonly uint[] Answer = [1, 0, 0, 0, 0, 1];

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private PortMapper()
    {
        _socket.Bind(new UnixDomainSocketEndPoint(Place));
        _socket.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>Starts one; null where rpcbind itself runs.</summary>
    public static PortMapper? Start()
    {
        if (File.Exists(Place))
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                client.Connect(new UnixDomainSocketEndPoint(Place));
                return null;
            }
            catch (SocketException)
            {
                File.Delete(Place); // of one that has ended
            }
        }

        return new PortMapper();
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(Place);
    }

    private void Accept()
    {
        while (true)
        {
            try
            {
                Socket client = _socket.Accept();
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
            catch (SocketException)
            {
                return; // disposed
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    // RFC 5531: each record has its length before it, with the highest bit for the last one.
    private static void Serve(Socket client)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        var request = new byte[MostRequest];
        var reply = new byte[4 + 4 + (Answer.Length * 4)];
        BinaryPrimitives.WriteUInt32BigEndian(reply, 0x80000000 | (uint)(reply.Length - 4));
        for (int i = 0; i < Answer.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(8 + (i * 4)), Answer[i]);
        }

        while (stream.ReadAtLeast(request.AsSpan(0, 4), 4, throwOnEndOfStream: false) == 4)
        {
            int length = (int)(BinaryPrimitives.ReadUInt32BigEndian(request) & int.MaxValue);
            stream.ReadExactly(request.AsSpan(0, Math.Min(length, MostRequest)));
            request.AsSpan(0, 4).CopyTo(reply.AsSpan(4));
            stream.Write(reply);
        }
    }
}
