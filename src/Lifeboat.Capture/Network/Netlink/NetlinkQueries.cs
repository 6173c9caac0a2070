using System.Net;
using System.Net.Sockets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>What this room asks the kernel, with the answers read.</summary>
internal static class NetlinkQueries
{
    // A list that changes while it is made is asked for again; what changes all the time is taken as it is.
    private const int MostTries = 5;

    // More than any machine has that saves its crashes.
    private const int MostParts = 100_000;

    /// <summary>All interfaces.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refuses; so for all below.</exception>
    internal static List<KernelLink> Links(this INetlink netlink)
    {
        var links = new List<KernelLink>();
        for (int tries = 0; tries < MostTries; tries++)
        {
            links.Clear();
            if (netlink.Ask(NetlinkRequests.ListLinks(), "listing", "interfaces", Take))
            {
                break;
            }
        }

        return links;

        void Take(ushort type, ReadOnlySpan<byte> body)
        {
            if (type == NetlinkConstants.NewLink && links.Count < MostParts && KernelLink.TryParse(body, out KernelLink? link))
            {
                links.Add(link);
            }
        }
    }

    /// <summary>All addresses.</summary>
    internal static List<KernelAddress> Addresses(this INetlink netlink)
    {
        var addresses = new List<KernelAddress>();
        for (int tries = 0; tries < MostTries; tries++)
        {
            addresses.Clear();
            if (netlink.Ask(NetlinkRequests.ListAddresses(), "listing", "addresses", Take))
            {
                break;
            }
        }

        return addresses;

        void Take(ushort type, ReadOnlySpan<byte> body)
        {
            if (type == NetlinkConstants.NewAddress && addresses.Count < MostParts
                && KernelAddress.TryParse(body, out KernelAddress? address))
            {
                addresses.Add(address);
            }
        }
    }

    /// <summary>The way to an address; null when there is none.</summary>
    internal static KernelRoute? RouteTo(this INetlink netlink, IPAddress target)
    {
        KernelRoute? found = null;
        try
        {
            netlink.Ask(NetlinkRequests.FindRoute(target), "finding the route to", target.ToString(), Take);
        }
        catch (KernelInterfaceException refusal)
            when (refusal.Errno is Errno.ENETUNREACH or Errno.EHOSTUNREACH or Errno.EACCES or Errno.EINVAL or Errno.EAFNOSUPPORT
                or Errno.EOPNOTSUPP)
        {
            // No route, one that says unreachable, prohibited or blackhole, or no such family.
            return null;
        }

        return found;

        void Take(ushort type, ReadOnlySpan<byte> body)
        {
            if (type == NetlinkConstants.NewRoute && KernelRoute.TryParse(body, out KernelRoute? route))
            {
                found = route;
            }
        }
    }

    /// <summary>The router of a link's default route; null without.</summary>
    internal static IPAddress? DefaultGateway(this INetlink netlink, int link, AddressFamily family)
    {
        IPAddress? gateway = null;
        netlink.Ask(NetlinkRequests.ListRoutes(family), "listing", "routes", Take);
        return gateway;

        void Take(ushort type, ReadOnlySpan<byte> body)
        {
            if (type == NetlinkConstants.NewRoute && gateway is null && KernelRoute.TryParse(body, out KernelRoute? route)
                && route.TargetBits == 0 && route.Link == link && route.Table == NetlinkConstants.TableMain
                && route.Type == NetlinkConstants.Unicast)
            {
                gateway = route.Gateway;
            }
        }
    }
}
