using System.Net;
using System.Text;

namespace Lifeboat.Capture.Network;

/// <summary>The way to one address of a target's host.</summary>
/// <param name="target">The host's address.</param>
/// <param name="link">The place of the link it goes out by, in <see cref="NetworkPlan.Links"/>.</param>
/// <param name="source">The address that this machine has then, one of <see cref="NetworkPlan.Addresses"/>.</param>
public sealed class NetworkRoute(IPAddress target, int link, IPAddress source)
{
    /// <summary>The host's address.</summary>
    public IPAddress Target { get; } = target;

    /// <summary>The place of the link it goes out by, in <see cref="NetworkPlan.Links"/>.</summary>
    public int Link { get; } = link;

    /// <summary>The address that this machine has then.</summary>
    public IPAddress Source { get; } = target.AddressFamily == source.AddressFamily
        ? source : throw new ArgumentException("source and target are of two families", nameof(source));

    /// <summary>The router; null when the host is on the link itself.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>
    /// Whether the router is the link's default one, which a fresh DHCP lease names anew; else it is one that somebody set, and
    /// stays.
    /// </summary>
    public bool FollowsLease { get; init; }

    /// <summary>Writes it as a line of the plan's text, without the line's end.</summary>
    internal void WriteTo(StringBuilder text)
    {
        text.Append("route ").Append(Target).Append(" link=").Append(Link).Append(" source=").Append(Source);
        if (Gateway is { } gateway)
        {
            text.Append(" gateway=").Append(gateway);
        }

        text.Append(FollowsLease ? " by=lease" : " by=plan");
    }
}
