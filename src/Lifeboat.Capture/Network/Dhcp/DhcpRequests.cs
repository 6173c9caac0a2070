using System.Buffers.Binary;
using System.Net;
using static Lifeboat.Capture.Network.Dhcp.DhcpFormat;

namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>
/// The messages that we send, each a whole IPv4 packet from 0.0.0.0 to everybody: a machine without an address cannot have the kernel
/// make one.
/// </summary>
internal static class DhcpRequests
{
    // Some servers and relays drop what is shorter than BOOTP's messages were.
    private const int MessageSize = 300;

    // A capture is over long before, and need not renew. Servers that give less say so.
    private const uint WantedSeconds = 86_400;
    private const ushort LargestAnswer = 1500;

    /// <summary>Asks whether there is a server.</summary>
    /// <param name="transaction">The number that answers carry.</param>
    /// <param name="mac">Our hardware address.</param>
    /// <param name="seconds">How long we have been asking.</param>
    /// <param name="wanted">The address that we would like; null for any.</param>
    internal static byte[] Discover(uint transaction, MacAddress mac, ushort seconds, IPAddress? wanted) =>
        Packet(DhcpMessageType.Discover, transaction, mac, seconds, wanted, null);

    /// <summary>Takes what a server offered.</summary>
    internal static byte[] Request(uint transaction, MacAddress mac, ushort seconds, IPAddress offered, IPAddress server) =>
        Packet(DhcpMessageType.Request, transaction, mac, seconds, offered, server);

    private static byte[] Packet(
        DhcpMessageType type, uint transaction, MacAddress mac, ushort seconds, IPAddress? wanted, IPAddress? server)
    {
        byte[] packet = new byte[IpHeaderSize + UdpHeaderSize + MessageSize];
        Span<byte> message = packet.AsSpan(IpHeaderSize + UdpHeaderSize);
        message[0] = DhcpFormat.Request;
        message[1] = Ethernet;
        message[2] = MacAddress.Size;
        BinaryPrimitives.WriteUInt32BigEndian(message[TransactionOffset..], transaction);
        BinaryPrimitives.WriteUInt16BigEndian(message[SecondsOffset..], seconds);
        BinaryPrimitives.WriteUInt16BigEndian(message[FlagsOffset..], AnswerByBroadcast);
        mac.Bytes.CopyTo(message[HardwareAddressOffset..]);
        BinaryPrimitives.WriteUInt32BigEndian(message[CookieOffset..], MagicCookie);
        int at = OptionsOffset;
        Put(message, ref at, OptionMessageType, [(byte)type]);
        if (server is not null)
        {
            Put(message, ref at, OptionServer, server.GetAddressBytes());
        }

        if (wanted is not null)
        {
            Put(message, ref at, OptionWantedAddress, wanted.GetAddressBytes());
        }

        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, WantedSeconds);
        Put(message, ref at, OptionLeaseTime, number);
        BinaryPrimitives.WriteUInt16BigEndian(number, LargestAnswer);
        Put(message, ref at, OptionMessageSize, number[..2]);
        Put(message, ref at, OptionList, [OptionMask, OptionRoutes, OptionRouter]);
        message[at] = OptionEnd;
        WriteUdp(packet);
        WriteIp(packet);
        return packet;
    }

    private static void Put(Span<byte> message, ref int at, byte option, ReadOnlySpan<byte> value)
    {
        message[at] = option;
        message[at + 1] = (byte)value.Length;
        value.CopyTo(message[(at + 2)..]);
        at += 2 + value.Length;
    }

    private static void WriteIp(Span<byte> packet)
    {
        packet[0] = 0x45; // version 4, five words
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[8] = 64; // hops
        packet[9] = UdpProtocol;
        packet.Slice(16, IPBytes.Four).Fill(0xff);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)(Sum(packet[..IpHeaderSize], 0) ^ ushort.MaxValue));
    }

    private static void WriteUdp(Span<byte> packet)
    {
        Span<byte> udp = packet[IpHeaderSize..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, ClientPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], ServerPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);

        // The sum is over addresses, protocol and length too; ours is 0, theirs is all ones, which adds nothing.
        ushort sum = (ushort)(Sum(udp, (uint)(UdpProtocol + udp.Length)) ^ ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], sum == 0 ? ushort.MaxValue : sum);
    }

    /// <summary>The internet's checksum (RFC 1071) of an even number of bytes, not yet inverted.</summary>
    internal static ushort Sum(ReadOnlySpan<byte> bytes, uint start)
    {
        uint sum = start;
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        }

        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
