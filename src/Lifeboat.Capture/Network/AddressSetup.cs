using System.Net;
using Lifeboat.Capture.Network.Dhcp;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>Gives links their addresses, by DHCP where the plan says so, and sets routes.</summary>
/// <param name="time">Measures the waiting.</param>
/// <param name="log">Takes lines about what is done and refused.</param>
/// <param name="openWire">Opens a link, of a number and a name, for DHCP.</param>
internal sealed class AddressSetup(TimeProvider time, Action<string> log, Func<int, string, IDhcpWire> openWire)
{
    // What is left is for connecting to the target by the address that the machine had.
    private const double ShareForDhcp = 2.0 / 3;

    private readonly List<LinkLease> _leases = [];

    /// <summary>Makes a target reachable over a link that is up.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refuses.</exception>
    internal void Reach(
        INetlink netlink, NetworkPlan plan, NetworkRoute route, LinkState link, TimeSpan left, CancellationToken cancellation)
    {
        NetworkAddress planned = NetworkPlanRules.AddressOf(route, plan.Addresses)!;
        DhcpAnswer? lease = planned.IsDhcp ? LeaseOf(netlink, link, planned, left * ShareForDhcp, cancellation) : null;
        IPAddress? gateway = route.Gateway;
        if (lease is not null && route.FollowsLease && lease.TryFindWay(route.Target, out IPAddress? leased))
        {
            gateway = leased;
        }

        IPAddress source = lease?.Address ?? planned.Address;
        if (!planned.IsDhcp)
        {
            Add(netlink, link, planned.Address, planned.PrefixLength);
        }

        netlink.Ask(
            NetlinkRequests.SetRoute(link.Index, route.Target, gateway, source),
            "setting the route to",
            $"{route.Target} over {link.Name}",
            static (_, _) => { });
        log($"the way to {route.Target} is over {link.Name}{(gateway is null ? "" : $" and {gateway}")}, from {source}");
    }

    // The address that DHCP gives, or else the planned one, is on the link afterwards. Null when it is the planned one.
    private DhcpAnswer? LeaseOf(
        INetlink netlink, LinkState link, NetworkAddress planned, TimeSpan limit, CancellationToken cancellation)
    {
        foreach (LinkLease known in _leases)
        {
            if (known.Link == link.Index)
            {
                if (known.Answer is null)
                {
                    Add(netlink, link, planned.Address, planned.PrefixLength);
                }

                return known.Answer;
            }
        }

        DhcpAnswer? answer = Ask(link, planned.Address, limit, cancellation);
        _leases.Add(new LinkLease(link.Index, answer));
        if (answer is { Address: { } address })
        {
            log($"DHCP gives {link.Name} {address}/{answer.PrefixLength} for {answer.LeaseSeconds} s, by {answer.Server}");
            Add(netlink, link, address, answer.PrefixLength);
        }
        else
        {
            log($"no answer by DHCP on {link.Name} in {limit.TotalSeconds:0.#} s: it takes {planned}, which it had before the crash");
            Add(netlink, link, planned.Address, planned.PrefixLength);
        }

        return answer;
    }

    private DhcpAnswer? Ask(LinkState link, IPAddress wanted, TimeSpan limit, CancellationToken cancellation)
    {
        if (link.Mac is not { } mac)
        {
            return null;
        }

        try
        {
            IDhcpWire wire = openWire(link.Index, link.Name);
            try
            {
                uint transaction = unchecked((uint)Random.Shared.Next());
                return new DhcpClient(wire, mac, transaction, time, log).Ask(wanted, limit, cancellation);
            }
            finally
            {
                (wire as IDisposable)?.Dispose();
            }
        }
        catch (KernelInterfaceException refusal)
        {
            log(refusal.Message);
            return null;
        }
    }

    private static void Add(INetlink netlink, LinkState link, IPAddress address, int prefixLength) =>
        netlink.Ask(
            NetlinkRequests.AddAddress(link.Index, address, prefixLength),
            $"adding {address}/{prefixLength} to",
            link.Name,
            static (_, _) => { });
}
