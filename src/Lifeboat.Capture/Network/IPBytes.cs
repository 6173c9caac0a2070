using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Lifeboat.Capture.Network;

/// <summary>What this room asks of IP addresses.</summary>
internal static class IPBytes
{
    /// <summary>Bytes of an IPv4 address.</summary>
    internal const int Four = 4;

    /// <summary>Bytes of an IPv6 address.</summary>
    internal const int Sixteen = 16;

    internal static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 8 * Four : 8 * Sixteen;

    /// <summary>
    /// Reads an address as people write it. The forms that inet_aton takes besides (<c>10.1</c>, <c>0x7f000001</c>) are none here:
    /// they are names that somebody mistyped. A scope (<c>fe80::1%eth0</c>) names an interface and is refused too.
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.Length > 45 || text.Contains('%') || text.Contains('[') || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        if (parsed.AddressFamily == AddressFamily.InterNetwork && !text.SequenceEqual(parsed.ToString()))
        {
            return false;
        }

        address = parsed;
        return true;
    }

    /// <summary>Whether a host can have it: not the unspecified one, a loopback, a broadcast, a multicast group.</summary>
    internal static bool IsHost(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Sixteen];
        address.TryWriteBytes(bytes, out int length);
        return length == Four
            ? bytes[0] is not (0 or 127) and < 224
            : bytes[0] != 0xff && !address.Equals(IPAddress.IPv6Any) && !address.IsIPv4MappedToIPv6;
    }

    /// <summary>Whether two addresses of a family share their first bits.</summary>
    internal static bool SharePrefix(IPAddress left, IPAddress right, int prefixLength)
    {
        if (left.AddressFamily != right.AddressFamily)
        {
            return false;
        }

        Span<byte> first = stackalloc byte[Sixteen];
        Span<byte> second = stackalloc byte[Sixteen];
        left.TryWriteBytes(first, out int length);
        right.TryWriteBytes(second, out _);
        for (int i = 0; i < length && prefixLength > 0; i++, prefixLength -= 8)
        {
            int mask = prefixLength >= 8 ? 0xff : 0xff00 >> prefixLength & 0xff;
            if (((first[i] ^ second[i]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
