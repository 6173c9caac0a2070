using System.Net;

namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>A route that a server names (RFC 3442).</summary>
/// <param name="network">Its first address.</param>
/// <param name="prefixLength">The bits that count.</param>
/// <param name="gateway">The router; 0.0.0.0 says that the network is on the link.</param>
internal sealed class DhcpRoute(IPAddress network, int prefixLength, IPAddress gateway)
{
    internal IPAddress Network { get; } = network;

    internal int PrefixLength { get; } = prefixLength;

    internal IPAddress Gateway { get; } = gateway;
}
