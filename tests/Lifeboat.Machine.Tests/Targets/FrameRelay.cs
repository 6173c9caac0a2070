using System.Buffers.Binary;
using System.Net.Sockets;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>
/// A cable between a guest's card and QEMU's network: every frame goes through the test, which may change or drop it.
/// </summary>
/// <remarks><code>
/// guest's card -> socket file -> test -> socket file -> hub -> user network (DHCP, router, the host's loopback)
/// </code></remarks>
internal sealed class FrameRelay : IDisposable
{
    private const int LargestFrame = 1 << 16;

    private readonly Socket _card;
    private readonly Socket _network;
    private readonly string _cardPath;
    private readonly string _networkPath;
    private readonly Func<byte[], byte[]?> _out;
    private readonly Func<byte[], byte[]?> _in;
    private readonly Thread _relay;

    /// <summary>A cable.</summary>
    /// <param name="folder">For the sockets.</param>
    /// <param name="fromGuest">What becomes of a frame that the guest sends; null for nothing.</param>
    /// <param name="toGuest">The same for a frame to it.</param>
    internal FrameRelay(TemporaryFolder folder, Func<byte[], byte[]?> fromGuest, Func<byte[], byte[]?> toGuest)
    {
        (_out, _in) = (fromGuest, toGuest);
        (_cardPath, _networkPath) = (folder.File("card"), folder.File("network"));
        (_card, _network) = (Listen(_cardPath), Listen(_networkPath));
        _relay = new Thread(Relay) { IsBackground = true, Name = "cable" };
        _relay.Start();
    }

    /// <summary>Arguments for QEMU: a card, at the end of this cable.</summary>
    internal IEnumerable<string> CardWith(string mac) =>
    [
        "-netdev", "user,id=net",
        "-netdev", $"stream,id=far,server=off,addr.type=unix,addr.path={_networkPath}",
        "-netdev", "hubport,id=port1,hubid=1,netdev=net",
        "-netdev", "hubport,id=port2,hubid=1,netdev=far",
        "-netdev", $"stream,id=cable,server=off,addr.type=unix,addr.path={_cardPath}",
        "-device", $"virtio-net-pci,netdev=cable,romfile=,mac={mac}",
    ];

    public void Dispose()
    {
        _card.Dispose();
        _network.Dispose();
        _relay.Join();
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(1);
        return socket;
    }

    private void Relay()
    {
        try
        {
            using Socket network = _network.Accept();
            using Socket card = _card.Accept();
            using var networkStream = new NetworkStream(network);
            using var cardStream = new NetworkStream(card);
            var back = new Thread(() => Pass(networkStream, cardStream, _in)) { IsBackground = true, Name = "cable, back" };
            back.Start();
            Pass(cardStream, networkStream, _out);
            back.Join();
        }
        catch (SocketException)
        {
            // The test is over before QEMU came.
        }
    }

    // A frame has its length before it. QEMU closes both ends at once.
    private static void Pass(NetworkStream from, NetworkStream to, Func<byte[], byte[]?> change)
    {
        try
        {
            byte[] length = new byte[sizeof(int)];
            while (from.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length)
            {
                byte[] frame = new byte[Math.Clamp(BinaryPrimitives.ReadInt32BigEndian(length), 0, LargestFrame)];
                from.ReadExactly(frame);
                if (change(frame) is { } changed)
                {
                    byte[] whole = new byte[sizeof(int) + changed.Length];
                    BinaryPrimitives.WriteInt32BigEndian(whole, changed.Length);
                    changed.CopyTo(whole, sizeof(int));
                    to.Write(whole);
                }
            }
        }
        catch (IOException)
        {
            // QEMU is gone.
        }
    }
}
