using System.Buffers.Binary;
using Lifeboat.Capture.Network.Dhcp;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Interop;

/// <summary>A socket for the IPv4 packets of one interface, whatever addresses they have.</summary>
internal sealed class PacketSocket : IDhcpWire, IDisposable
{
    private const int AddressSize = 20; // struct sockaddr_ll
    private const ushort InternetProtocol = 0x0800; // ETH_P_IP

    private readonly byte[] _everybody;
    private readonly int _socket;

    private PacketSocket(int socket, byte[] everybody)
    {
        _socket = socket;
        _everybody = everybody;
    }

    /// <summary>Opens one.</summary>
    /// <exception cref="KernelInterfaceException">The kernel has none, or not the interface.</exception>
    internal static unsafe PacketSocket Open(int link, string name)
    {
        // With protocol 0 nothing is received before it is bound to its interface.
        int socket = LibSocket.Open(LibSocket.Packet, LibSocket.Datagram, 0);
        if (socket < 0)
        {
            Errno errno = LastErrno.Get();
            throw new KernelInterfaceException(
                "socket",
                $"for packets of {name}",
                errno,
                errno == Errno.EAFNOSUPPORT ? "The kernel has no packet sockets: the module af_packet is missing in the ramdisk" : null);
        }

        byte[] everybody = new byte[AddressSize];
        BinaryPrimitives.WriteUInt16LittleEndian(everybody, LibSocket.Packet);
        BinaryPrimitives.WriteUInt16BigEndian(everybody.AsSpan(2), InternetProtocol);
        BinaryPrimitives.WriteInt32LittleEndian(everybody.AsSpan(4), link);
        everybody[11] = 6; // the length of the hardware address that follows, a broadcast
        everybody.AsSpan(12, 6).Fill(0xff);

        // Safety: pinned for the call, and as long as is said.
        fixed (byte* address = everybody)
        {
            if (LibSocket.Bind(socket, address, AddressSize) != 0)
            {
                Errno errno = LastErrno.Get();
                _ = LibC.Close(socket);
                throw new KernelInterfaceException("bind", $"for packets of {name}", errno);
            }
        }

        return new PacketSocket(socket, everybody);
    }

    /// <inheritdoc/>
    public unsafe Errno Send(ReadOnlySpan<byte> packet)
    {
        // Safety: both are pinned, and the lengths are theirs.
        fixed (byte* bytes = packet, address = _everybody)
        {
            return LibSocket.SendTo(_socket, bytes, (nuint)packet.Length, 0, address, AddressSize) < 0 ? LastErrno.Get() : Errno.None;
        }
    }

    /// <inheritdoc/>
    public unsafe int Receive(Span<byte> buffer, TimeSpan limit)
    {
        var entry = new PollEntry { Descriptor = _socket, Wanted = LibSocket.Readable };
        int milliseconds = (int)Math.Clamp(Math.Ceiling(limit.TotalMilliseconds), 0, 60_000);

        if (LibSocket.Poll(ref entry, 1, milliseconds) <= 0)
        {
            return 0;
        }

        // Safety: the buffer is pinned and no more than its length is written.
        fixed (byte* bytes = buffer)
        {
            nint length = LibSocket.ReceiveFrom(_socket, bytes, (nuint)buffer.Length, 0, null, null);
            return length > 0 ? (int)length : 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = LibC.Close(_socket);
}
