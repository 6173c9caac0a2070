using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Numerics;
using static Lifeboat.Capture.Network.Dhcp.DhcpFormat;

namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>Reads what came in on a network card as an answer to us; what is none, or nonsense, is nothing.</summary>
/// <remarks>
/// UDP's checksum is not looked at: a virtual card hands over packets of its own host whose sum nobody has made, and what is read here
/// is checked field by field anyway.
/// </remarks>
internal static class DhcpReader
{
    // All options of an answer that is as long as a packet can be; routes take most.
    private const int MostRoutes = 256;

    /// <summary>Reads an IPv4 packet.</summary>
    /// <param name="packet">The packet, from IP's header on, with whatever padding the card left.</param>
    /// <param name="transaction">The number that an answer to us carries.</param>
    /// <param name="mac">Our hardware address, which it carries too.</param>
    /// <param name="answer">The answer.</param>
    internal static bool TryRead(
        ReadOnlySpan<byte> packet, uint transaction, MacAddress mac, [NotNullWhen(true)] out DhcpAnswer? answer)
    {
        answer = null;
        ReadOnlySpan<byte> message = MessageOf(packet);
        if (message.Length < OptionsOffset || message[0] != Reply || message[1] != Ethernet || message[2] != MacAddress.Size
            || BinaryPrimitives.ReadUInt32BigEndian(message[TransactionOffset..]) != transaction
            || !message.Slice(HardwareAddressOffset, MacAddress.Size).SequenceEqual(mac.Bytes)
            || BinaryPrimitives.ReadUInt32BigEndian(message[CookieOffset..]) != MagicCookie)
        {
            return false;
        }

        var options = new DhcpOptions(message);
        if (options.First(OptionMessageType) is not [var type] || options.Address(OptionServer) is not { } server
            || type is not ((byte)DhcpMessageType.Offer or (byte)DhcpMessageType.Acknowledge or (byte)DhcpMessageType.Refuse))
        {
            return false;
        }

        var own = new IPAddress(message.Slice(YourAddressOffset, IPBytes.Four));
        IPAddress? router = options.Address(OptionRouter);
        answer = new DhcpAnswer
        {
            Type = (DhcpMessageType)type,
            Server = server,
            Address = IPBytes.IsHost(own) ? own : null,
            PrefixLength = PrefixOf(options.First(OptionMask)),
            Router = router is not null && IPBytes.IsHost(router) ? router : null,
            Routes = RoutesOf(options.Whole(OptionRoutes)),
            LeaseSeconds = options.First(OptionLeaseTime) is { Length: 4 } time ? BinaryPrimitives.ReadUInt32BigEndian(time) : 0,
        };
        return true;
    }

    // Empty for what is not UDP from a server's port to a client's, whole and in one piece.
    private static ReadOnlySpan<byte> MessageOf(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < IpHeaderSize || packet[0] >> 4 != 4)
        {
            return default;
        }

        int headerSize = (packet[0] & 0xf) * 4;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        bool isPiece = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0;
        if (headerSize < IpHeaderSize || length < headerSize + UdpHeaderSize || length > packet.Length || isPiece
            || packet[9] != UdpProtocol || DhcpRequests.Sum(packet[..headerSize], 0) != ushort.MaxValue)
        {
            return default;
        }

        ReadOnlySpan<byte> udp = packet[headerSize..length];
        int udpLength = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        return udpLength >= UdpHeaderSize && udpLength <= udp.Length
            && BinaryPrimitives.ReadUInt16BigEndian(udp) == ServerPort && BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) == ClientPort
            ? udp[UdpHeaderSize..udpLength] : default;
    }

    // A mask whose ones are not in a row is none: the address alone is known then.
    private static int PrefixOf(ReadOnlySpan<byte> mask)
    {
        const int Unknown = 32;
        if (mask.Length != IPBytes.Four)
        {
            return Unknown;
        }

        uint value = BinaryPrimitives.ReadUInt32BigEndian(mask);
        int ones = BitOperations.LeadingZeroCount(~value);
        return ones > 0 && BitOperations.PopCount(value) == ones ? ones : Unknown;
    }

    // Each is the prefix's length, as many bytes of the network as it needs, the router.
    private static List<DhcpRoute> RoutesOf(ReadOnlySpan<byte> bytes)
    {
        var routes = new List<DhcpRoute>();
        Span<byte> network = stackalloc byte[IPBytes.Four];
        while (!bytes.IsEmpty && routes.Count < MostRoutes)
        {
            int prefixLength = bytes[0];
            int size = (prefixLength + 7) / 8;
            if (prefixLength > 32 || bytes.Length < 1 + size + IPBytes.Four)
            {
                // The rest cannot be told apart, and what came before is as doubtful.
                return [];
            }

            network.Clear();
            bytes.Slice(1, size).CopyTo(network);
            var gateway = new IPAddress(bytes.Slice(1 + size, IPBytes.Four));
            if (IPBytes.IsHost(gateway) || gateway.Equals(IPAddress.Any))
            {
                routes.Add(new DhcpRoute(new IPAddress(network), prefixLength, gateway));
            }

            bytes = bytes[(1 + size + IPBytes.Four)..];
        }

        return routes;
    }
}
