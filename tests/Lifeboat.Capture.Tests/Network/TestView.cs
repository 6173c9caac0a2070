using System.Net;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Network;

/// <summary>A machine with the interfaces that a test gives it; all routes lead where the test says.</summary>
internal sealed class TestView
{
    internal List<KernelLink> Links { get; } = [];

    internal List<KernelAddress> Addresses { get; } = [];

    internal Dictionary<string, KernelRoute> Routes { get; } = [];

    internal List<Diagnostic> Notices { get; } = [];

    internal string? DefaultGateway { get; set; }

    internal string? Wireless { get; set; }

    internal string? Random { get; set; }

    /// <summary>A card eth0 with 192.0.2.5/24 and 2001:db8:1::5/64, and routes to 198.51.100.10 and 2001:db8:2::10.</summary>
    internal static TestView Card(bool isLimited = false)
    {
        var view = new TestView { DefaultGateway = "192.0.2.1" };
        view.Links.Add(new KernelLink { Index = 1, Name = "lo", Hardware = NetlinkConstants.Loopback, Mtu = 65536 });
        view.Links.Add(new KernelLink { Index = 2, Name = "eth0", Mac = Mac(2), PermanentMac = Mac(2), Mtu = 1500 });
        view.HaveAddresses(2, isLimited);
        return view;
    }

    internal static MacAddress Mac(byte last) => new([2, 0, 0, 0, 0, last]);

    internal TestView HaveAddresses(int link, bool isLimited)
    {
        Addresses.Add(new KernelAddress { Link = 1, Address = IPAddress.Loopback, PrefixLength = 8 });
        Addresses.Add(new KernelAddress { Link = link, Address = IPAddress.Parse("192.0.2.5"), PrefixLength = 24, IsLimited = isLimited });
        Addresses.Add(new KernelAddress { Link = link, Address = IPAddress.Parse("2001:db8:1::5"), PrefixLength = 64 });
        RouteTo("198.51.100.10", link, "192.0.2.5", "192.0.2.1");
        RouteTo("2001:db8:2::10", link, "2001:db8:1::5", "fe80::1");
        return this;
    }

    internal void RouteTo(string target, int link, string? source, string? gateway = null, byte type = NetlinkConstants.Unicast) =>
        Routes[target] = new KernelRoute
        {
            Type = type,
            Link = link,
            Source = source is null ? null : IPAddress.Parse(source),
            Gateway = gateway is null ? null : IPAddress.Parse(gateway),
        };

    internal string Plan(params string[] targets) => NetworkPlanner.Plan(
        "dumps.example",
        [.. (targets.Length == 0 ? ["198.51.100.10"] : targets).Select(IPAddress.Parse)],
        new NetworkView
        {
            Links = Links,
            Addresses = Addresses,
            RouteTo = target => Routes.GetValueOrDefault(target.ToString()),
            DefaultGateway = (_, _) => DefaultGateway is null ? null : IPAddress.Parse(DefaultGateway),
            DriversOf = static name => ["virtio_net", $"{name}_bus"],
            IsWireless = name => name == Wireless,
            HasRandomAddress = name => name == Random,
            IsModule = static name => name == "af_packet",
        },
        Notices).ToText();

    internal Diagnostic Refusal(params string[] targets) =>
        Assert.Single(Assert.Throws<DiagnosticException>(() => Plan(targets)).Diagnostics);
}
