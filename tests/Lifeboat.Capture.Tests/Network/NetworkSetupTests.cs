using System.Net;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Tests.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Network;

/// <summary>Plans carried out by a real kernel, in a network namespace with a router in another one.</summary>
public sealed class NetworkSetupTests
{
    private const string Static =
        $"""
        target dumps.example
        card mac={TestWire.Mac} name=eth7 mtu=1400
        address 192.0.2.5/24 link=0 by=static
        address 2001:db8:1::5/64 link=0 by=static
        route 2001:db8:2::10 link=0 source=2001:db8:1::5 gateway=2001:db8:1::1 by=plan
        route 198.51.100.10 link=0 source=192.0.2.5 gateway=192.0.2.1 by=plan
        route 192.0.2.1 link=0 source=192.0.2.5 by=plan
        """;

    private static readonly string Dhcp = $"""
        target dumps.example
        card mac={TestWire.Mac} name=eth7 mtu=1500
        address 192.0.2.5/24 link=0 by=dhcp
        route 198.51.100.10 link=0 source=192.0.2.5 gateway=192.0.2.254 by=lease
        """;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_card_with_another_name_reaches_its_targets_by_the_addresses_that_it_had()
    {
        using TestWire wire = new TestWire().PutIn();
        (IReadOnlyList<IPAddress> reached, List<string> lines) = wire.SetUp(Static, Long);
        Assert.Equal(["2001:db8:2::10", "198.51.100.10", "192.0.2.1"], reached.Select(address => address.ToString()));
        Assert.Equal("192.0.2.5", wire.Connect("198.51.100.10"));
        Assert.Equal("2001:db8:1::5", wire.Connect("2001:db8:2::10"));
        Assert.Equal("192.0.2.5", wire.Connect("192.0.2.1"));
        Assert.Contains($"the card {TestWire.Mac} is ens3 (was eth7)", lines);
        string link = wire.Here.Run(() => Oracle.Run("ip", [], "link"));
        Assert.Contains("mtu 1400", link, StringComparison.Ordinal);
        Assert.Contains("LOOPBACK,UP", link, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_carried_out_again_changes_nothing()
    {
        using TestWire wire = new TestWire().PutIn();
        wire.SetUp(Static, Long);
        string before = State(wire);
        Assert.Equal(3, wire.SetUp(Static, Long).Reached.Count);
        Assert.Equal(before, State(wire));

        static string State(TestWire wire) => wire.Here.Run(() =>
            Oracle.Run("ip", [], "-o", "addr", "show", "scope", "global") + Oracle.Run("ip", [], "route") + Oracle.Run("ip", [], "-6", "route"));
    }

    [Fact]
    public void A_card_that_appears_late_is_waited_for()
    {
        using var wire = new TestWire();
        var time = new ImpatientTime(timers =>
        {
            if (timers == 30)
            {
                // The thread of this machine is waiting for the timer: the router's puts it in.
                wire.PutIn().SwitchOn();
            }
        });
        Assert.Equal(3, wire.SetUp(Static, Long, time).Reached.Count);
        Assert.Equal("192.0.2.5", wire.Connect("198.51.100.10"));
    }

    [Fact]
    public void Without_its_card_the_network_is_refused_with_the_cards_that_are_there()
    {
        using TestWire wire = new TestWire().PutIn(mac: "02:00:5e:00:53:99");
        Diagnostic diagnostic = Refusal(wire, Static, new ImpatientTime());
        Assert.Contains($"no card {TestWire.Mac} (eth7 before), but ens3 02:00:5e:00:53:99", diagnostic.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_carrier_the_network_is_refused()
    {
        using TestWire wire = new TestWire().PutIn();
        wire.Router.Ip("link set wire down");
        Assert.Equal("ens3 (was eth7) has no carrier", Refusal(wire, Static, new ImpatientTime()).Found);
    }

    [Fact]
    public void One_way_that_is_open_suffices()
    {
        using TestWire wire = new TestWire().PutIn().SwitchOn();
        const string Two = $"""
            target dumps.example
            card mac=02:00:5e:00:53:77 name=eth8 mtu=1500
            card mac={TestWire.Mac} name=eth7 mtu=1500
            address 203.0.113.5/24 link=0 by=static
            address 192.0.2.5/24 link=1 by=static
            route 203.0.113.10 link=0 source=203.0.113.5 by=plan
            route 198.51.100.10 link=1 source=192.0.2.5 gateway=192.0.2.1 by=plan
            """;
        var time = new ImpatientTime();
        (IReadOnlyList<IPAddress> reached, List<string> lines) = wire.SetUp(Two, Long, time);
        Assert.Equal("198.51.100.10", Assert.Single(reached).ToString());
        Assert.Contains(lines, line => line.StartsWith("no way to 203.0.113.10: no card", StringComparison.Ordinal));
        Assert.InRange(time.GetElapsedTime(0), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_server_gives_address_and_router_by_DHCP()
    {
        using TestWire wire = new TestWire().PutIn();
        using var folder = new TemporaryFolder();
        DhcpServer.Start(wire.Router, folder, "wire", "192.0.2.77");
        (IReadOnlyList<IPAddress> reached, List<string> lines) = wire.SetUp(Dhcp, Long);
        Assert.Single(reached);
        Assert.True(wire.Connect("198.51.100.10") == "192.0.2.77", string.Join('\n', lines));
        Assert.Contains(lines, line => line.StartsWith("DHCP gives ens3 (was eth7) 192.0.2.77/24 for ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_DHCP_server_the_card_takes_the_address_that_it_had()
    {
        using TestWire wire = new TestWire().PutIn();
        string plan = Dhcp.Replace("192.0.2.254", "192.0.2.1", StringComparison.Ordinal);
        (IReadOnlyList<IPAddress> reached, List<string> lines) = wire.SetUp(plan, TimeSpan.FromSeconds(2));
        Assert.Single(reached);
        Assert.Equal("192.0.2.5", wire.Connect("198.51.100.10"));
        Assert.Contains(lines, line => line.Contains("it takes 192.0.2.5/24, which it had before the crash", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_plans_share_a_card_and_its_lease()
    {
        using TestWire wire = new TestWire().PutIn();
        using var folder = new TemporaryFolder();
        DhcpServer.Start(wire.Router, folder, "wire", "192.0.2.78");
        var lines = new List<string>();
        var setup = new NetworkSetup(TimeProvider.System, lines.Add);
        wire.Here.Run(() => setup.Run(NetworkPlan.Parse(Dhcp, "network"), Long));
        wire.Here.Run(() => setup.Run(
            NetworkPlan.Parse(Dhcp.Replace("198.51.100.10", "192.0.2.1", StringComparison.Ordinal), "network"), Long));
        Assert.Equal("192.0.2.78", wire.Connect("192.0.2.1"));
        Assert.Single(lines, line => line.StartsWith("DHCP gives", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cancelled_token_ends_the_waiting()
    {
        using var wire = new TestWire();
        using var cancellation = new CancellationTokenSource();
        var setup = new NetworkSetup(new ImpatientTime(_ => cancellation.Cancel()), static _ => { });
        Assert.ThrowsAny<OperationCanceledException>(
            () => wire.Here.Run(() => setup.Run(NetworkPlan.Parse(Static, "network"), Long, cancellation.Token)));
    }

    private static Diagnostic Refusal(TestWire wire, string plan, TimeProvider time)
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(() => wire.SetUp(plan, Long, time));
        Diagnostic diagnostic = Assert.Single(error.Diagnostics);
        Assert.Equal(CaptureDiagnostics.NetworkDown, diagnostic.Id);
        return diagnostic;
    }
}
