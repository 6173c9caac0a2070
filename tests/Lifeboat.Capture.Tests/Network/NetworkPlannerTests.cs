using System.Net;
using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Network;

public sealed class NetworkPlannerTests
{
    [Fact]
    public void A_card_with_fixed_addresses_is_carried_over()
    {
        var view = TestView.Card();
        Assert.Equal(
            """
            target dumps.example
            card mac=02:00:00:00:00:02 name=eth0 mtu=1500
            address 2001:db8:1::5/64 link=0 by=static
            address 192.0.2.5/24 link=0 by=static
            route 2001:db8:2::10 link=0 source=2001:db8:1::5 gateway=fe80::1 by=plan
            route 198.51.100.10 link=0 source=192.0.2.5 gateway=192.0.2.1 by=plan
            module virtio_net
            module eth0_bus

            """,
            view.Plan("2001:db8:2::10", "198.51.100.10"));
        Assert.Empty(view.Notices);
    }

    [Theory]
    [InlineData("192.0.2.1", "by=lease")] // the default router is the server's to name
    [InlineData("192.0.2.9", "by=plan")] // somebody set another one
    [InlineData(null, "by=lease")]
    public void An_address_for_some_time_is_asked_of_DHCP_again(string? gateway, string by)
    {
        var view = TestView.Card(isLimited: true);
        view.RouteTo("198.51.100.10", 2, "192.0.2.5", gateway);
        string plan = view.Plan();
        Assert.Contains("address 192.0.2.5/24 link=0 by=dhcp", plan, StringComparison.Ordinal);
        Assert.Contains(by, plan.Split('\n')[3], StringComparison.Ordinal);
        Assert.Contains("module af_packet", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void A_VLAN_over_a_bond_is_carried_over_with_its_cards()
    {
        var view = new TestView();
        view.Links.Add(new KernelLink { Index = 2, Name = "eth0", Mac = TestView.Mac(2), PermanentMac = TestView.Mac(2), Mtu = 9000, Master = 4 });
        view.Links.Add(new KernelLink { Index = 3, Name = "eth1", Mac = TestView.Mac(2), PermanentMac = TestView.Mac(3), Mtu = 9000, Master = 4 });
        view.Links.Add(new KernelLink
        {
            Index = 4,
            Name = "bond0",
            Kind = "bond",
            Mac = TestView.Mac(2),
            Mtu = 9000,
            BondMode = 4,
            HashPolicy = 1,
            LacpRate = 1,
        });
        view.Links.Add(new KernelLink
        {
            Index = 5,
            Name = "bond0.7",
            Kind = "vlan",
            Mac = TestView.Mac(2),
            Mtu = 1500,
            Below = 4,
            VlanId = 7,
            VlanProtocol = 0x8100,
        });
        Assert.Equal(
            """
            target dumps.example
            card mac=02:00:00:00:00:02 name=eth0 mtu=9000
            card mac=02:00:00:00:00:03 name=eth1 mtu=9000
            bond members=0,1 mode=4 miimon=100 hash=1 lacp=fast failover=0 name=bond0 mtu=9000 address=02:00:00:00:00:02
            vlan over=2 id=7 protocol=802.1Q name=bond0.7 mtu=1500
            address 192.0.2.5/24 link=3 by=static
            route 198.51.100.10 link=3 source=192.0.2.5 gateway=192.0.2.1 by=plan
            module virtio_net
            module eth0_bus
            module eth1_bus
            module bonding
            module 8021q

            """,
            view.HaveAddresses(5, isLimited: false).Plan());
        Assert.Contains("100 ms", Assert.Single(view.Notices).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bridge_is_replaced_by_its_one_port_that_leads_out()
    {
        TestView view = Bridge();
        string plan = view.Plan();
        Assert.Contains("card mac=02:00:00:00:00:02 name=eth0", plan, StringComparison.Ordinal);
        Assert.Contains("address 192.0.2.5/24 link=0", plan, StringComparison.Ordinal);
        Assert.Equal("The bridge br0 is replaced by its one port that leads out, eth0", Assert.Single(view.Notices).What);
    }

    [Fact]
    public void A_bridge_with_two_ports_that_lead_out_is_refused()
    {
        TestView view = Bridge();
        view.Links.Add(new KernelLink { Index = 5, Name = "eth1", Mac = TestView.Mac(5), Mtu = 1500, Master = 3 });
        Diagnostic refusal = view.Refusal();
        Assert.Equal(CaptureDiagnostics.NetworkNotCarried, refusal.Id);
        Assert.Equal("a bridge with 2 ports that lead out of this machine", refusal.Found);
    }

    [Theory]
    [InlineData("team")]
    [InlineData("tun")]
    [InlineData("vxlan")]
    [InlineData("wireguard")]
    [InlineData("veth")]
    [InlineData("macvlan")]
    public void What_a_capture_kernel_cannot_be_given_is_refused(string kind)
    {
        var view = new TestView();
        view.Links.Add(new KernelLink { Index = 2, Name = "x0", Kind = kind, Mac = TestView.Mac(2), Mtu = 1500 });
        Assert.Equal($"an interface of kind {kind}", view.HaveAddresses(2, isLimited: false).Refusal().Found);
    }

    [Fact]
    public void Cards_that_would_not_do_are_refused()
    {
        TestView view = TestView.Card();
        view.Wireless = "eth0";
        Assert.StartsWith("a wireless card", view.Refusal().Found, StringComparison.Ordinal);
        view = new TestView { Random = "eth0" };
        view.Links.Add(new KernelLink { Index = 2, Name = "eth0", Mac = TestView.Mac(2), Mtu = 1500 });
        Assert.StartsWith("a card without a hardware address of its own", view.HaveAddresses(2, false).Refusal().Found, StringComparison.Ordinal);
        view = new TestView();
        view.Links.Add(new KernelLink { Index = 2, Name = "ib0", Hardware = 32, Mtu = 1500 });
        Assert.Equal("hardware of kind 32", view.HaveAddresses(2, false).Refusal().Found);
    }

    [Fact]
    public void A_target_that_is_this_machine_is_refused()
    {
        TestView view = TestView.Card();
        view.RouteTo("192.0.2.5", 1, "192.0.2.5", null, NetlinkConstants.Local);
        Assert.Equal("an address of this machine", view.Refusal("192.0.2.5").Found);
        Assert.Equal(CaptureDiagnostics.NoRoute, view.Refusal("127.0.0.1").Id);
        Assert.Equal(CaptureDiagnostics.NoRoute, view.Refusal("fe80::7").Id);
        Assert.Equal("no route", view.Refusal("203.0.113.9").Found);
    }

    [Fact]
    public void Addresses_without_a_way_are_told_of_where_another_one_has_one()
    {
        TestView view = TestView.Card();
        Assert.DoesNotContain("203.0.113.9", view.Plan("203.0.113.9", "198.51.100.10"), StringComparison.Ordinal);
        Assert.Contains("203.0.113.9", Assert.Single(view.Notices).What, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Throws<DiagnosticException>(() => view.Plan("203.0.113.9", "203.0.113.8")).Diagnostics.Count);
    }

    [Fact]
    public void What_was_gathered_of_a_way_that_is_refused_is_not_carried_over()
    {
        TestView view = TestView.Card();
        view.Links.Add(new KernelLink { Index = 8, Name = "eth8", Mac = TestView.Mac(8), Mtu = 1500, Master = 7 });
        view.Links.Add(new KernelLink { Index = 9, Name = "tap9", Kind = "tun", Mac = TestView.Mac(9), Mtu = 1500, Master = 7 });
        view.Links.Add(new KernelLink { Index = 7, Name = "bond7", Kind = "bond", Mac = TestView.Mac(8), Mtu = 1500, Miimon = 1 });
        view.RouteTo("203.0.113.9", 7, "192.0.2.5");
        Assert.DoesNotContain("eth8", view.Plan("203.0.113.9", "198.51.100.10"), StringComparison.Ordinal);
        Assert.Equal("an interface of kind tun in a bond", Assert.Single(view.Notices).Found);
    }

    [Fact]
    public void An_address_that_changes_each_day_is_replaced_by_one_that_stays()
    {
        TestView view = TestView.Card();
        view.Addresses.Add(new KernelAddress
        {
            Link = 2,
            Address = IPAddress.Parse("2001:db8:1::dead"),
            PrefixLength = 64,
            IsTemporary = true,
            IsLimited = true,
        });
        view.RouteTo("2001:db8:2::10", 2, "2001:db8:1::dead", "fe80::1");
        Assert.Contains("source=2001:db8:1::5 ", view.Plan("2001:db8:2::10"), StringComparison.Ordinal);
        Assert.Empty(view.Notices);
    }

    [Fact]
    public void An_address_of_another_interface_is_this_machines_on_the_card_too()
    {
        TestView view = TestView.Card();
        view.Addresses.Add(new KernelAddress { Link = 1, Address = IPAddress.Parse("203.0.113.1"), PrefixLength = 24 });
        view.RouteTo("198.51.100.10", 2, "203.0.113.1", "192.0.2.1");
        Assert.Contains("address 203.0.113.1/32 link=0 by=static", view.Plan(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hardware_address_that_was_changed_is_changed_again()
    {
        TestView view = TestView.Card();
        view.Links[1] = new KernelLink { Index = 2, Name = "eth0", Mac = TestView.Mac(9), PermanentMac = TestView.Mac(2), Mtu = 1500 };
        Assert.Contains(
            "card mac=02:00:00:00:00:02 name=eth0 mtu=1500 address=02:00:00:00:00:09", view.Plan(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_that_a_machine_goes_is_gone_again_by_another_kernel()
    {
        string text;
        using (TestWire wire = new TestWire().PutIn("eth7"))
        {
            wire.Here.Ip(
                "link set lo up", "link set eth7 up mtu 1400", "addr add 192.0.2.5/24 dev eth7", "-6 addr add 2001:db8:1::5/64 dev eth7 nodad",
                "route add default via 192.0.2.1", "-6 route add default via 2001:db8:1::1");
            text = wire.Here.Run(() =>
            {
                using RouteSocket socket = RouteSocket.Open();
                NetworkView view = NetworkView.Of(socket, "/nothing", "/nothing");
                KernelLink card = view.Links.Find(link => link.Name == "eth7")!;
                view.Links.Add(new KernelLink { Index = card.Index, Name = card.Name, Mac = card.Mac, Mtu = card.Mtu });
                view.Links.Remove(card); // what is left of it is no veth any more
                return NetworkPlanner.Plan(
                    "dumps.example", [IPAddress.Parse("198.51.100.10"), IPAddress.Parse("2001:db8:2::10")], view, new List<Diagnostic>()).ToText();
            });
        }

        using TestWire after = new TestWire().PutIn("ens3");
        Assert.Equal(2, after.SetUp(text, TimeSpan.FromSeconds(60)).Reached.Count);
        Assert.Equal("192.0.2.5", after.Connect("198.51.100.10"));
        Assert.Equal("2001:db8:1::5", after.Connect("2001:db8:2::10"));
    }

    [Fact]
    public void A_name_is_resolved_as_the_machine_does()
    {
        Oracle.Require("getent");
        Assert.Contains(HostAddresses.Of("localhost"), address => IPAddress.IsLoopback(address));
        Assert.Equal("192.0.2.9", Assert.Single(HostAddresses.Of("192.0.2.9")).ToString());
        Assert.Equal("2001:db8::9", Assert.Single(HostAddresses.Of("2001:db8::9")).ToString());
        foreach (string name in (string[])["-h", "", "a b", "no-such-name.invalid"])
        {
            Assert.Equal(
                CaptureDiagnostics.HostNotResolved,
                Assert.Single(Assert.Throws<DiagnosticException>(() => HostAddresses.Of(name)).Diagnostics).Id);
        }
    }

    [Fact]
    public void Each_address_that_getent_lists_counts_once() => Assert.Equal(
        ["2001:db8::10", "192.0.2.10"],
        HostAddresses.Read(
            "2001:db8::10    STREAM dumps.example\n2001:db8::10    DGRAM  \n2001:db8::10    RAW    \n"
            + "192.0.2.10      STREAM \nfe80::1%eth0 STREAM\nnonsense STREAM\n192.0.2.10\n").Select(address => address.ToString()));

    [Fact]
    public void The_machine_that_this_runs_on_has_links_and_addresses()
    {
        using RouteSocket socket = RouteSocket.Open();
        NetworkView view = NetworkView.Of(socket, "/sys", "/proc/modules");
        Assert.Contains(view.Links, link => link.Hardware == NetlinkConstants.Loopback);
        Assert.Throws<DiagnosticException>(() => NetworkPlanner.For("127.0.0.1", new List<Diagnostic>()));
    }

    private static TestView Bridge()
    {
        var view = new TestView();
        view.Links.Add(new KernelLink { Index = 2, Name = "eth0", Mac = TestView.Mac(2), Mtu = 1500, Master = 3 });
        view.Links.Add(new KernelLink { Index = 3, Name = "br0", Kind = "bridge", Mac = TestView.Mac(2), Mtu = 1500 });
        view.Links.Add(new KernelLink { Index = 4, Name = "vnet0", Kind = "tun", Mac = TestView.Mac(4), Mtu = 1500, Master = 3 });
        return view.HaveAddresses(3, isLimited: false);
    }
}
