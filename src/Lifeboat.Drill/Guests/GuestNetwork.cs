using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Network;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Drill.Guests;

/// <summary>
/// The network that QEMU gives a guest without any rights on the host: a card, a DHCP server, and a router that reaches what the host
/// reaches. What listens on the host's loopback is at the router's own address.
/// </summary>
internal static class GuestNetwork
{
    /// <summary>The guest's card.</summary>
    public const string Mac = "52:54:00:4c:42:01";

    private const int PrefixLength = 24;
    private const int Mtu = 1500;
    private static readonly IPAddress Router = new([10, 0, 2, 2]);
    private static readonly IPAddress Guest = new([10, 0, 2, 15]);

    /// <summary>The plan of the way to a host that a guest's capture kernel goes.</summary>
    /// <param name="host">The host, as the settings name it.</param>
    /// <param name="resolve">Gives a host's addresses.</param>
    /// <exception cref="DiagnosticException">It has no address of IPv4, which is all that this network has.</exception>
    public static NetworkPlan PlanFor(string host, Func<string, IReadOnlyList<IPAddress>> resolve)
    {
        _ = MacAddress.TryParse(Mac, out MacAddress? mac);
        var routes = new List<NetworkRoute>();
        foreach (IPAddress address in resolve(host))
        {
            if (IPAddress.IsLoopback(address))
            {
                routes.Add(new NetworkRoute(Router, 0, Guest));
            }
            else if (address.AddressFamily == AddressFamily.InterNetwork)
            {
                routes.Add(address.Equals(Router)
                    ? new NetworkRoute(address, 0, Guest)
                    : new NetworkRoute(address, 0, Guest) { Gateway = Router, FollowsLease = true });
            }
        }

        return routes.Count > 0
            ? new NetworkPlan(host, [new NetworkCard("eth0", mac!, Mtu)], [new NetworkAddress(0, Guest, PrefixLength, isDhcp: true)], routes, ["virtio_net"])
            : throw new DiagnosticException(new Diagnostic(DrillDiagnostics.NoGuestRoute, "A drill's guest cannot reach this host")
            {
                Where = host,
                Found = "addresses of IPv6 only",
                Expected = "one of IPv4: a guest's network has no other",
            });
    }
}
