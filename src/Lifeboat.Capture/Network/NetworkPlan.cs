using System.Net;
using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>
/// What a capture kernel sets up so that one host is reachable: links from the cards up, addresses, routes. Made on the running
/// machine by <see cref="NetworkPlanner"/>, carried as text in the ramdisk, carried out by <see cref="NetworkSetup"/>.
/// </summary>
/// <remarks>
/// <code>
/// target dumps.example
/// card mac=52:54:00:12:34:56 name=eth0 mtu=1500
/// vlan over=0 id=7 protocol=802.1Q name=eth0.7 mtu=1500
/// address 192.0.2.5/24 link=1 by=dhcp
/// route 198.51.100.10 link=1 source=192.0.2.5 gateway=192.0.2.1 by=lease
/// module virtio_net
/// </code>
/// <para>Links are counted from 0 in the order of their lines. A file can hold several plans one after the other, each from its
/// <c>target</c> line on. docs/formats.md has the words.</para>
/// </remarks>
public sealed class NetworkPlan
{
    /// <summary>The most links of a plan; as many addresses, routes and modules.</summary>
    public const int MostParts = 64;

    internal const int MostHostLength = 253;

    /// <summary>A plan of these parts.</summary>
    /// <param name="host">The target's host as the settings name it.</param>
    /// <param name="links">The links, each after those that it is over.</param>
    /// <param name="addresses">This machine's addresses on them.</param>
    /// <param name="routes">The ways to the host's addresses, the preferred one first.</param>
    /// <param name="modules">The modules that the links need; what these depend on, the module tree says.</param>
    /// <exception cref="ArgumentException">The parts do not fit together.</exception>
    public NetworkPlan(
        string host,
        IReadOnlyList<NetworkLink> links,
        IReadOnlyList<NetworkAddress> addresses,
        IReadOnlyList<NetworkRoute> routes,
        IReadOnlyList<string> modules)
    {
        if (NetworkPlanRules.FaultOf(host, links, addresses, routes, modules) is { } fault)
        {
            throw new ArgumentException(fault, nameof(host));
        }

        Host = host;
        Links = links;
        Addresses = addresses;
        Routes = routes;
        Modules = modules;
    }

    /// <summary>The target's host as the settings name it.</summary>
    public string Host { get; }

    /// <summary>The links, each after those that it is over.</summary>
    public IReadOnlyList<NetworkLink> Links { get; }

    /// <summary>This machine's addresses on them.</summary>
    public IReadOnlyList<NetworkAddress> Addresses { get; }

    /// <summary>The ways to the host's addresses, the preferred one first.</summary>
    public IReadOnlyList<NetworkRoute> Routes { get; }

    /// <summary>The modules that the links need, to be put in the ramdisk; what these depend on, the module tree says.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>The host's addresses, the preferred one first.</summary>
    public IReadOnlyList<IPAddress> TargetAddresses
    {
        get
        {
            var addresses = new List<IPAddress>(Routes.Count);
            foreach (NetworkRoute route in Routes)
            {
                addresses.Add(route.Target);
            }

            return addresses;
        }
    }

    /// <summary>Reads the text of one plan.</summary>
    /// <param name="text">The text; it may be anything.</param>
    /// <param name="fileName">The file's name, for errors.</param>
    /// <exception cref="DiagnosticException">It is not understood, or is none or several.</exception>
    public static NetworkPlan Parse(string text, string fileName)
    {
        IReadOnlyList<NetworkPlan> plans = ParseAll(text, fileName);
        return plans.Count == 1
            ? plans[0]
            : throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.BadNetworkPlan, "The network plan is not one plan")
            {
                Where = fileName,
                Found = $"{plans.Count} plans",
                Expected = "one target line",
            });
    }

    /// <summary>Reads the text of several plans, one after the other; an empty text has none.</summary>
    /// <param name="text">The text; it may be anything.</param>
    /// <param name="fileName">The file's name, for errors.</param>
    /// <exception cref="DiagnosticException">It is not understood; the diagnostic has the line's number.</exception>
    public static IReadOnlyList<NetworkPlan> ParseAll(string text, string fileName) => new NetworkPlanReader(fileName).Read(text);

    /// <summary>The plan as text; <see cref="Parse"/> gives an equal one, and texts one after the other are several plans.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append("target ").Append(Host).Append('\n');
        foreach (NetworkLink link in Links)
        {
            link.WriteTo(text);
            text.Append('\n');
        }

        foreach (NetworkAddress address in Addresses)
        {
            address.WriteTo(text);
            text.Append('\n');
        }

        foreach (NetworkRoute route in Routes)
        {
            route.WriteTo(text);
            text.Append('\n');
        }

        foreach (string module in Modules)
        {
            text.Append("module ").Append(module).Append('\n');
        }

        return text.ToString();
    }
}
