using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>What a server answered, as far as it makes sense: anybody on the network can be the server.</summary>
internal sealed class DhcpAnswer
{
    /// <summary>What it says.</summary>
    internal DhcpMessageType Type { get; init; }

    /// <summary>The server, by which it wants to be known.</summary>
    internal required IPAddress Server { get; init; }

    /// <summary>The address for us; null where there is none that a host could have.</summary>
    internal IPAddress? Address { get; init; }

    /// <summary>The bits of it that are the network's; 32 when the server does not say.</summary>
    internal int PrefixLength { get; init; } = 32;

    /// <summary>The router; null without.</summary>
    internal IPAddress? Router { get; init; }

    /// <summary>Routes, which count instead of the router where there are any.</summary>
    internal IReadOnlyList<DhcpRoute> Routes { get; init; } = [];

    /// <summary>How long the address is ours, in seconds.</summary>
    internal uint LeaseSeconds { get; init; }

    /// <summary>Whether the address can be taken.</summary>
    [MemberNotNullWhen(true, nameof(Address))]
    internal bool IsUsable => Address is not null;

    /// <summary>The way to a target: the most special that the answer names.</summary>
    /// <param name="target">The target.</param>
    /// <param name="gateway">The router to it; null when it is on the link.</param>
    /// <returns>Whether there is a way.</returns>
    internal bool TryFindWay(IPAddress target, out IPAddress? gateway)
    {
        gateway = null;
        int best = -1;
        if (Address is { } own && IPBytes.SharePrefix(target, own, PrefixLength))
        {
            best = PrefixLength;
        }

        foreach (DhcpRoute route in Routes)
        {
            if (route.PrefixLength > best && IPBytes.SharePrefix(target, route.Network, route.PrefixLength))
            {
                best = route.PrefixLength;
                gateway = route.Gateway.Equals(IPAddress.Any) ? null : route.Gateway;
            }
        }

        if (best < 0 && Routes.Count == 0 && Router is not null)
        {
            gateway = Router;
            return true;
        }

        return best >= 0;
    }
}
