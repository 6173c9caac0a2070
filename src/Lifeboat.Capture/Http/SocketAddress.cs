using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Interop;

namespace Lifeboat.Capture.Http;

/// <summary>Addresses as the kernel takes them.</summary>
internal static class SocketAddress
{
    private const int Ipv4Size = 16; // struct sockaddr_in
    private const int Ipv6Size = 28; // struct sockaddr_in6
    private const int ScopeOffset = 24;

    internal static int FamilyOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? LibSocket.Ipv6 : LibSocket.Ipv4;

    internal static byte[] Of(IPAddress address, int port)
    {
        int family = FamilyOf(address);
        byte[] result = new byte[family == LibSocket.Ipv6 ? Ipv6Size : Ipv4Size];
        BinaryPrimitives.WriteUInt16LittleEndian(result, (ushort)family);
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(2), (ushort)port);
        address.GetAddressBytes().CopyTo(result, family == LibSocket.Ipv6 ? 8 : 4);
        if (family == LibSocket.Ipv6)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(ScopeOffset), (uint)address.ScopeId);
        }

        return result;
    }
}
