using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lifeboat.Capture.Network;

/// <summary>An address of this machine on a link.</summary>
/// <param name="link">The link's place in <see cref="NetworkPlan.Links"/>.</param>
/// <param name="address">The address.</param>
/// <param name="prefixLength">The bits of it that are the network's.</param>
/// <param name="isDhcp">Whether DHCP is asked for one, and this is what is taken when it does not answer.</param>
public sealed class NetworkAddress(int link, IPAddress address, int prefixLength, bool isDhcp)
{
    /// <summary>The link's place in <see cref="NetworkPlan.Links"/>.</summary>
    public int Link { get; } = link;

    /// <summary>The address.</summary>
    public IPAddress Address { get; } = address;

    /// <summary>The bits of it that are the network's.</summary>
    public int PrefixLength { get; } = prefixLength >= 0 && prefixLength <= IPBytes.BitsOf(address)
        ? prefixLength : throw new ArgumentOutOfRangeException(nameof(prefixLength), prefixLength, "longer than the address");

    /// <summary>Whether DHCP is asked for one, and this is what is taken when it does not answer.</summary>
    public bool IsDhcp { get; } = !isDhcp || address.AddressFamily == AddressFamily.InterNetwork
        ? isDhcp : throw new ArgumentException("DHCP is asked for IPv4 addresses only", nameof(isDhcp));

    /// <summary>The address with its prefix: <c>192.0.2.5/24</c>.</summary>
    public override string ToString() => $"{Address}/{PrefixLength}";

    /// <summary>Writes it as a line of the plan's text, without the line's end.</summary>
    internal void WriteTo(StringBuilder text) =>
        text.Append("address ").Append(Address).Append('/').Append(PrefixLength).Append(" link=").Append(Link)
            .Append(IsDhcp ? " by=dhcp" : " by=static");
}
