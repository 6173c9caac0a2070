using System.Net;
using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Network;

/// <summary>VLANs and bonds that a real kernel makes of a plan, and that it tells of as they were made.</summary>
public sealed class StackedLinksTests
{
    private const string SecondMac = "02:00:5e:00:53:02";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("802.1Q")]
    [InlineData("802.1ad")]
    public void A_VLAN_is_made_over_a_card(string protocol)
    {
        using TestWire wire = new TestWire().PutIn();
        Require(wire, "vlan id 3");
        wire.Router.Ip(
            $"link add link wire name wire7 type vlan protocol {protocol} id 7", "link set wire7 up",
            "addr del 192.0.2.1/24 dev wire", "addr add 192.0.2.1/24 dev wire7");
        string plan = $"""
            target dumps.example
            card mac={TestWire.Mac} name=eth7 mtu=1500
            vlan over=0 id=7 protocol={protocol} name=eth7.7 mtu=1450 address=02:00:5e:00:53:07
            address 192.0.2.5/24 link=1 by=static
            route 198.51.100.10 link=1 source=192.0.2.5 gateway=192.0.2.1 by=plan
            """;
        Assert.Single(wire.SetUp(plan, Long).Reached);
        Assert.Single(wire.SetUp(plan, Long).Reached);
        Assert.Equal("192.0.2.5", wire.Connect("198.51.100.10"));
        KernelLink vlan = Assert.Single(Links(wire), link => link.Kind == "vlan");
        Assert.Equal((7, 1450, "02:00:5e:00:53:07"), (vlan.VlanId, vlan.Mtu, vlan.Mac?.ToString()));
        Assert.Equal(protocol == "802.1ad" ? 0x88a8 : 0x8100, vlan.VlanProtocol);
    }

    [Theory]
    [InlineData(BondMode.RoundRobin)]
    [InlineData(BondMode.ActiveBackup)]
    [InlineData(BondMode.Xor)]
    [InlineData(BondMode.Broadcast)]
    [InlineData(BondMode.Lacp)]
    [InlineData(BondMode.TransmitLoadBalancing)]
    [InlineData(BondMode.AdaptiveLoadBalancing)]
    public void A_bond_is_made_of_cards_and_told_of_as_it_was_planned(BondMode mode)
    {
        using TestWire wire = TwoWires();
        string plan = Bond(mode);
        Assert.Single(wire.SetUp(plan, Long).Reached);
        Assert.Single(wire.SetUp(plan, Long).Reached);
        List<KernelLink> links = Links(wire);
        KernelLink bond = Assert.Single(links, link => link.Kind == "bond");
        Assert.Equal(((byte)mode, 50, 1400, TestWire.Mac), (bond.BondMode, bond.Miimon, bond.Mtu, bond.Mac?.ToString()));
        Assert.Equal(mode == BondMode.Lacp ? 1 : 0, bond.LacpRate);
        Assert.Equal(mode is BondMode.RoundRobin or BondMode.ActiveBackup or BondMode.Broadcast ? 0 : 1, bond.HashPolicy);
        List<KernelLink> members = links.FindAll(link => link.Master == bond.Index);
        Assert.Equal([TestWire.Mac, SecondMac], members.Select(member => member.PermanentMac?.ToString()).Order());
        if (mode == BondMode.ActiveBackup)
        {
            Assert.Equal("192.0.2.5", wire.Connect("198.51.100.10"));
        }
    }

    [Fact]
    public void A_VLAN_over_a_bond_of_which_one_card_is_dead_gets_its_address_by_DHCP()
    {
        using TestWire wire = TwoWires();
        Require(wire, "vlan id 3");
        wire.Router.Ip(
            "link set second down", "link add link hub name hub7 type vlan id 7", "link set hub7 up",
            "addr del 192.0.2.1/24 dev hub", "addr add 192.0.2.1/24 dev hub7");
        using var folder = new TemporaryFolder();
        DhcpServer.Start(wire.Router, folder, "hub7", "192.0.2.79");
        string plan = Bond(BondMode.ActiveBackup)
            .Replace("address 192.0.2.5/24 link=2 by=static", "vlan over=2 id=7 protocol=802.1Q name=bond0.7 mtu=1400\naddress 192.0.2.5/24 link=3 by=dhcp", StringComparison.Ordinal)
            .Replace("link=2 source=192.0.2.5 gateway=192.0.2.1 by=plan", "link=3 source=192.0.2.5 gateway=192.0.2.1 by=lease", StringComparison.Ordinal);
        (IReadOnlyList<IPAddress> reached, List<string> lines) = wire.SetUp(plan, Long);
        Assert.Single(reached);
        Assert.True(wire.Connect("198.51.100.10") == "192.0.2.79", string.Join('\n', lines));
    }

    [Fact]
    public void What_was_made_of_a_plan_is_planned_as_it_was()
    {
        using TestWire wire = TwoWires();
        Require(wire, "vlan id 3");
        string plan = Bond(BondMode.ActiveBackup)
            .Replace("address 192.0.2.5/24 link=2", "vlan over=2 id=7 protocol=802.1Q name=bond0.7 mtu=1400\naddress 192.0.2.5/24 link=3", StringComparison.Ordinal)
            .Replace("198.51.100.10 link=2", "198.51.100.10 link=3", StringComparison.Ordinal);
        wire.SetUp(plan, Long);
        string again = wire.Here.Run(() =>
        {
            using RouteSocket socket = RouteSocket.Open();
            NetworkView view = NetworkView.Of(socket, "/nothing", "/nothing");
            for (int i = 0; i < view.Links.Count; i++)
            {
                KernelLink link = view.Links[i];
                if (link.Kind == "veth")
                {
                    view.Links[i] = new KernelLink
                    {
                        Index = link.Index,
                        Name = link.Name,
                        Mac = link.Mac,
                        PermanentMac = link.PermanentMac,
                        Mtu = link.Mtu,
                        Master = link.Master,
                    };
                }
            }

            return NetworkPlanner.Plan("dumps.example", [IPAddress.Parse("198.51.100.10")], view, new List<Diagnostic>()).ToText();
        });
        string[] names = [.. again.Split('\n').SelectMany(line => line.Split(' ')).Where(word => word.StartsWith("name=", StringComparison.Ordinal))];
        string[] planned = [.. plan.Split('\n').SelectMany(line => line.Split(' ')).Where(word => word.StartsWith("name=", StringComparison.Ordinal))];
        foreach ((string now, string before) in names.Zip(planned))
        {
            again = again.Replace(now + " ", before + " ", StringComparison.Ordinal);
        }

        Assert.Equal(plan + "\nmodule bonding\nmodule 8021q\n", again);
    }

    // Both cards end in a bridge of the router's, which has its address.
    private static TestWire TwoWires()
    {
        TestWire wire = new TestWire().PutIn();
        Require(wire, "bond");
        wire.Router.Ip(
            $"link add second type veth peer name ens4 address {SecondMac} netns {wire.Here.Path}", "link set second up",
            "link add hub type bridge forward_delay 0", "link set wire master hub", "link set second master hub", "link set hub up",
            "addr del 192.0.2.1/24 dev wire", "addr add 192.0.2.1/24 dev hub");
        return wire;
    }

    private static string Bond(BondMode mode) => $"""
        target dumps.example
        card mac={TestWire.Mac} name=eth7 mtu=1400
        card mac={SecondMac} name=eth8 mtu=1400
        bond members=0,1 mode={(int)mode} miimon=50 hash={(mode is BondMode.ActiveBackup ? 0 : 1)} lacp={(mode == BondMode.Lacp ? "fast" : "slow")} failover=0 name=bond0 mtu=1400 address={TestWire.Mac}
        address 192.0.2.5/24 link=2 by=static
        route 198.51.100.10 link=2 source=192.0.2.5 gateway=192.0.2.1 by=plan
        """;

    private static List<KernelLink> Links(TestWire wire) => wire.Here.Run(() =>
    {
        using RouteSocket socket = RouteSocket.Open();
        return socket.Links();
    });

    private static void Require(TestWire wire, string kind)
    {
        try
        {
            wire.Router.Ip($"link add link wire name probe type {kind}");
        }
        catch (Xunit.Sdk.XunitException refusal)
        {
            wire.Dispose();
            Assert.Skip($"this kernel makes no {kind.Split(' ')[0]}: {refusal.Message}");
        }

        wire.Router.Ip("link del probe");
    }
}
