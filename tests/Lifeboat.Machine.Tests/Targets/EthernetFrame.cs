using System.Buffers.Binary;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>What a switch and a firewall do to Ethernet frames.</summary>
internal static class EthernetFrame
{
    private const int Addresses = 12;
    private const int Tag = 4;
    private const ushort TaggedKind = 0x8100;

    /// <summary>The frame without its tag of a VLAN; null where it has another one, or none.</summary>
    internal static byte[]? Untagged(byte[] frame, int vlan) =>
        frame.Length > Addresses + Tag && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(Addresses)) == TaggedKind
            && (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(Addresses + 2)) & 0xFFF) == vlan
            ? [.. frame.AsSpan(0, Addresses), .. frame.AsSpan(Addresses + Tag)] : null;

    /// <summary>The frame with the tag of a VLAN.</summary>
    internal static byte[] Tagged(byte[] frame, int vlan) =>
        [.. frame.AsSpan(0, Addresses), TaggedKind >> 8, TaggedKind & 0xFF, (byte)(vlan >> 8), (byte)vlan, .. frame.AsSpan(Addresses)];

    /// <summary>Whether a frame without a tag is a question for a DHCP server: UDP over IPv4, to port 67.</summary>
    internal static bool IsDhcpQuestion(byte[] frame) =>
        frame.Length > 42 && frame.AsSpan(Addresses, 2).SequenceEqual<byte>([0x08, 0x00]) && frame[23] == 17
            && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14 + ((frame[14] & 0xF) * 4) + 2)) == 67;
}
