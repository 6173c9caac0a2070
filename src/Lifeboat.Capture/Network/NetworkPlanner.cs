using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>
/// Follows, on the running machine, the way to a target's host, and writes down what a capture kernel needs to go the same way.
/// </summary>
/// <remarks>
/// <code>
/// name -> getent -> addresses -> kernel's route to each -> interface -> what it is over ... -> cards -> drivers' modules
///                                       |-> router, own address: static, or DHCP's
/// </code>
/// </remarks>
public static class NetworkPlanner
{
    /// <summary>The plan for a host.</summary>
    /// <param name="host">Its name, or its address.</param>
    /// <param name="notices">Receives what a user should know: addresses without a way, what is carried over differently.</param>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    /// <exception cref="DiagnosticException">The name has no address, or to none of them leads a way that can be carried over; the
    /// diagnostics say why for each.</exception>
    /// <exception cref="KernelInterfaceException">The kernel does not answer.</exception>
    public static NetworkPlan For(string host, ICollection<Diagnostic> notices, string systemFolder = "/sys")
    {
        IReadOnlyList<IPAddress> addresses = HostAddresses.Of(host);
        using RouteSocket socket = RouteSocket.Open();
        return Plan(host, addresses, NetworkView.Of(socket, systemFolder, "/proc/modules"), notices);
    }

    /// <summary>The same for addresses and a machine that are known.</summary>
    internal static NetworkPlan Plan(
        string host, IReadOnlyList<IPAddress> targets, NetworkView view, ICollection<Diagnostic> notices)
    {
        var stack = new NetworkStack(view, notices);
        var addresses = new List<NetworkAddress>();
        var routes = new List<NetworkRoute>();
        var problems = new List<Diagnostic>();
        foreach (IPAddress target in targets)
        {
            try
            {
                routes.Add(RouteTo(target, view, stack, addresses, notices));
            }
            catch (DiagnosticException problem)
            {
                problems.AddRange(problem.Diagnostics);
            }
        }

        if (routes.Count == 0)
        {
            throw new DiagnosticException(problems);
        }

        foreach (Diagnostic problem in problems)
        {
            notices.Add(problem);
        }

        AddFamilies(view, stack, addresses);
        return new NetworkPlan(host, stack.Links, addresses, routes, stack.Modules);
    }

    private static NetworkRoute RouteTo(
        IPAddress target, NetworkView view, NetworkStack stack, List<NetworkAddress> addresses, ICollection<Diagnostic> notices)
    {
        if (!IPBytes.IsHost(target) || target.IsIPv6LinkLocal)
        {
            throw NoRoute(
                target,
                "an address that no other machine can be reached by from a capture kernel",
                "Name the target by an address or a name that other machines reach it by");
        }

        KernelRoute route = view.RouteTo(target) is { Type: NetlinkConstants.Unicast or NetlinkConstants.Local } found
            ? found
            : throw NoRoute(target, "no route", $"Check it with: ip route get {target}");
        if (route.Type == NetlinkConstants.Local)
        {
            throw NoRoute(target, "an address of this machine", "The target must be another machine: this one is not running when it crashes");
        }

        if (route.HasForeignGateway)
        {
            throw NoRoute(target, "a router with an address of another family", "Choose a target that is reached otherwise");
        }

        KernelLink link = view.Find(route.Link) ?? throw NoRoute(target, "a route over an interface that is not there", "Try again");
        KernelAddress source = SourceOf(route, target.AddressFamily, view)
            ?? throw NoRoute(target, $"no address of this machine on {link.Name}", $"Check it with: ip route get {target}");
        if (addresses.Count >= NetworkPlan.MostParts)
        {
            throw NoRoute(target, "more addresses than a plan holds", "Name the target by one address");
        }

        int place = stack.Add(link);
        NetworkAddress own = OwnAddress(place, link, source, addresses, notices);
        return new NetworkRoute(target, place, own.Address)
        {
            Gateway = route.Gateway,
            FollowsLease = own.IsDhcp
                && (route.Gateway is null || route.Gateway.Equals(view.DefaultGateway(link.Index, target.AddressFamily))),
        };
    }

    // The address that the kernel would send from. One of IPv6's that change each day is gone when it is needed: another one of the
    // same network stays.
    private static KernelAddress? SourceOf(KernelRoute route, AddressFamily family, NetworkView view)
    {
        KernelAddress? onLink = null, anywhere = null, first = null;
        foreach (KernelAddress address in view.Addresses)
        {
            if (address.Address.AddressFamily != family)
            {
                continue;
            }

            if (address.Link == route.Link && IPBytes.IsHost(address.Address) && !address.Address.IsIPv6LinkLocal)
            {
                first ??= address;
            }

            if (address.Address.Equals(route.Source))
            {
                anywhere = address;
                onLink = address.Link == route.Link ? address : onLink;
            }
        }

        KernelAddress? source = onLink ?? anywhere ?? (route.Source is null ? first : null);
        if (source is not { IsTemporary: true })
        {
            return source;
        }

        foreach (KernelAddress address in view.Addresses)
        {
            if (address.Link == source.Link && !address.IsTemporary && !address.Address.IsIPv6LinkLocal
                && IPBytes.SharePrefix(address.Address, source.Address, source.PrefixLength))
            {
                return address;
            }
        }

        return source;
    }

    private static NetworkAddress OwnAddress(
        int place, KernelLink link, KernelAddress source, List<NetworkAddress> addresses, ICollection<Diagnostic> notices)
    {
        bool hasDhcp = false;
        foreach (NetworkAddress known in addresses)
        {
            if (known.Link == place && known.Address.Equals(source.Address))
            {
                return known;
            }

            hasDhcp |= known.Link == place && known.IsDhcp;
        }

        // An address of another interface is this machine's on this one too, and its network is not.
        bool isHere = source.Link == link.Index;
        bool isDhcp = isHere && source.IsLimited && !hasDhcp && source.Address.AddressFamily == AddressFamily.InterNetwork;
        if (source.IsLimited && !isDhcp)
        {
            notices.Add(new Diagnostic(
                CaptureDiagnostics.NetworkDiffers, $"{source.Address} of {link.Name} is given for some time, and is carried over as it is")
            {
                Remedy = "Build the ramdisk anew when the network's addresses change",
            });
        }

        var own = new NetworkAddress(
            place, source.Address, isHere ? source.PrefixLength : IPBytes.BitsOf(source.Address), isDhcp);
        addresses.Add(own);
        return own;
    }

    // Most kernels have these built in, and lists of what is built in do not always name them: they are asked for where this kernel
    // had to load them.
    private static void AddFamilies(NetworkView view, NetworkStack stack, List<NetworkAddress> addresses)
    {
        const string Packets = "af_packet";
        const string Version6 = "ipv6";
        foreach (NetworkAddress address in addresses)
        {
            string? module = address.IsDhcp ? Packets : address.Address.AddressFamily == AddressFamily.InterNetworkV6 ? Version6 : null;
            if (module is not null && view.IsModule(module))
            {
                stack.AddModule(module);
            }
        }
    }

    private static DiagnosticException NoRoute(IPAddress target, string found, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.NoRoute, $"There is no way to {target} that a capture could go")
        {
            Found = found,
            Remedy = remedy,
        });
}
