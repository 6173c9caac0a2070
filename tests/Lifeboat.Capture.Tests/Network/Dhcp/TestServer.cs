using System.Buffers.Binary;
using System.Net;
using Lifeboat.Capture.Network;

namespace Lifeboat.Capture.Tests.Network.Dhcp;

/// <summary>Writes what a DHCP server answers, as a whole IPv4 packet.</summary>
internal static class TestServer
{
    internal static readonly MacAddress Mac = new([0x52, 0x54, 0, 0x12, 0x34, 0x56]);
    internal static readonly byte[] Mask = [1, 4, 255, 255, 255, 0];
    internal static readonly byte[] Router = [3, 4, 192, 0, 2, 1];
    internal static readonly byte[] Lease = [51, 4, 0, 0, 0x0e, 0x10];

    internal const uint Transaction = 0x12345678;

    internal static byte[] Type(byte type) => [53, 1, type];

    internal static byte[] Server(byte last) => [54, 4, 192, 0, 2, last];

    /// <summary>An answer with options, the end of which is added.</summary>
    internal static byte[] Answer(string address, params byte[][] options) => Packet(address, [.. options.SelectMany(x => x), 255]);

    internal static byte[] Offer(string address = "192.0.2.77", byte server = 1) =>
        Answer(address, Type(2), Server(server), Mask, Router, Lease);

    internal static byte[] Acknowledgement(string address = "192.0.2.77", byte server = 1) =>
        Answer(address, Type(5), Server(server), Mask, Router, Lease);

    internal static byte[] Refusal(byte server = 1) => Answer("0.0.0.0", Type(6), Server(server));

    internal static byte[] Packet(string address, byte[] options, byte[]? file = null, byte[]? name = null)
    {
        byte[] packet = new byte[28 + 240 + options.Length];
        Span<byte> message = packet.AsSpan(28);
        message[0] = 2;
        message[1] = 1;
        message[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], Transaction);
        IPAddress.Parse(address).GetAddressBytes().CopyTo(message[16..]);
        Mac.Bytes.CopyTo(message[28..]);
        name?.CopyTo(message[44..]);
        file?.CopyTo(message[108..]);
        BinaryPrimitives.WriteUInt32BigEndian(message[236..], 0x63825363);
        options.CopyTo(message[240..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 67);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), 68);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(packet.Length - 20));
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        FixSum(packet);
        return packet;
    }

    /// <summary>Makes the sum of IP's header right.</summary>
    internal static void FixSum(byte[] packet)
    {
        packet[10] = 0;
        packet[11] = 0;
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        }

        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~((sum & 0xffff) + (sum >> 16)));
    }
}
