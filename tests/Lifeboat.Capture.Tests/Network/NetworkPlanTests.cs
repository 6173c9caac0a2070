using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Network;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Network;

public sealed class NetworkPlanTests
{
    private const string Whole =
        """
        target dumps.example
        card mac=52:54:00:12:34:56 name=eth0 mtu=9000
        card mac=52:54:00:12:34:57 name=eth1 mtu=9000
        card mac=52:54:00:12:34:58 name=eth2 mtu=1500 address=02:00:00:00:00:07
        bond members=0,1 mode=4 miimon=100 hash=1 lacp=fast failover=0 name=bond0 mtu=9000 address=52:54:00:12:34:56
        vlan over=3 id=7 protocol=802.1Q name=bond0.7 mtu=1500
        vlan over=2 id=0 protocol=802.1ad name=eth2.0 mtu=1500
        address 192.0.2.5/24 link=4 by=dhcp
        address 2001:db8::5/64 link=5 by=static
        route 198.51.100.10 link=4 source=192.0.2.5 gateway=192.0.2.1 by=lease
        route 2001:db8::10 link=5 source=2001:db8::5 by=plan
        module virtio_net
        module 8021q

        """;

    [Fact]
    public void A_plan_is_read_and_written_as_it_was()
    {
        var plan = NetworkPlan.Parse(Whole, "network");
        Assert.Equal(Whole, plan.ToText());
        Assert.Equal("dumps.example", plan.Host);
        Assert.Equal(["198.51.100.10", "2001:db8::10"], plan.TargetAddresses.Select(address => address.ToString()));
        Assert.Equal(["virtio_net", "8021q"], plan.Modules);
        NetworkBond bond = Assert.IsType<NetworkBond>(plan.Links[3]);
        Assert.Equal((BondMode.Lacp, 100, true), (bond.Mode, bond.Miimon, bond.IsFastLacp));
        Assert.Equal([0, 1], bond.Members);
        Assert.True(Assert.IsType<NetworkVlan>(plan.Links[5]).IsProvider);
        Assert.True(plan.Addresses[0].IsDhcp);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), plan.Routes[0].Gateway);
    }

    [Fact]
    public void Any_plan_comes_back_from_its_text() =>
        Prop.ForAll<int>(static seed =>
        {
            string text = PlanMaker.Make(new Random(seed)).ToText();
            return NetworkPlan.Parse(text, "network").ToText() == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Texts_one_after_the_other_are_several_plans()
    {
        string other = Whole.Replace("dumps.example", "192.0.2.9", StringComparison.Ordinal);
        IReadOnlyList<NetworkPlan> plans = NetworkPlan.ParseAll(Whole + other, "network");
        Assert.Equal(["dumps.example", "192.0.2.9"], plans.Select(plan => plan.Host));
        Assert.Equal(other, plans[1].ToText());
        Assert.Empty(NetworkPlan.ParseAll("", "network"));
        Assert.Throws<DiagnosticException>(() => NetworkPlan.Parse(Whole + other, "network"));
        Assert.Throws<DiagnosticException>(() => NetworkPlan.Parse("", "network"));
    }

    [Theory]
    [InlineData("target dumps.example", "target -x", 1, "no host's name")]
    [InlineData("target dumps.example", "target", 1, "without a value")]
    [InlineData("target dumps.example", "tarpit dumps.example", 1, "a target line is expected first")]
    [InlineData("mac=52:54:00:12:34:56 name=eth0", "name=eth0", 2, "mac= is missing")]
    [InlineData("mac=52:54:00:12:34:56 name=eth0", "mac=52:54:00:12:34 name=eth0", 2, "a hardware address")]
    [InlineData("mac=52:54:00:12:34:57", "mac=52:54:00:12:34:56", 1, "again")]
    [InlineData("name=eth1 mtu=9000", "name=eth1 mtu=9000 mtu=9000", 3, "a word too many")]
    [InlineData("name=eth1 mtu=9000", "name=eth1 mtu=67", 3, "68 to 65535")]
    [InlineData("name=eth1 mtu=9000", "name=eth1 mtu=+9000", 3, "68 to 65535")]
    [InlineData("name=eth1", "name=eth/1", 3, "an interface's name")]
    [InlineData("name=eth1", "name=sixteen-letters-", 3, "an interface's name")]
    [InlineData("name=eth1", "speed=1000 name=eth1", 3, "a word too many, 'speed=1000'")]
    [InlineData("members=0,1", "members=0,0", 1, "has a place already")]
    [InlineData("members=0,1", "members=0,4", 1, "no card before it")]
    [InlineData("members=0,1", "members=", 5, "members: 0 to 64")]
    [InlineData("members=0,1", "members=0,1,0,1,0,1,0,1,0,1,0,1,0,1,0,1,0,1", 5, "at most 16")]
    [InlineData("mode=4", "mode=7", 5, "mode: 0 to 6")]
    [InlineData("miimon=100", "miimon=0", 5, "miimon: 1 to 60000")]
    [InlineData("lacp=fast", "lacp=quick", 5, "fast or slow")]
    [InlineData("over=3", "over=4", 1, "is not over a link before it")]
    [InlineData("over=3", "over=1", 1, "over a card of a bond")]
    [InlineData("id=7", "id=4095", 6, "id: 0 to 4094")]
    [InlineData("protocol=802.1Q", "protocol=802.1q", 6, "802.1ad or 802.1Q")]
    [InlineData("192.0.2.5/24", "192.0.2.5/33", 8, "the prefix: 0 to 32")]
    [InlineData("192.0.2.5/24", "192.0.2.5", 8, "the prefix")]
    [InlineData("192.0.2.5/24", "192.2.5/24", 8, "an IP address")]
    [InlineData("192.0.2.5/24", "0xC0000205/24", 8, "an IP address")]
    [InlineData("192.0.2.5/24 link=4", "127.0.0.1/8 link=4", 1, "no address that a host has")]
    [InlineData("192.0.2.5/24 link=4", "192.0.2.5/24 link=6", 1, "on no link")]
    [InlineData("link=5 by=static", "link=5 by=dhcp", 9, "static is expected of IPv6")]
    [InlineData("gateway=192.0.2.1", "gateway=fe80::1", 1, "no router")]
    [InlineData("gateway=192.0.2.1", "gateway=", 10, "an IP address")]
    [InlineData("source=192.0.2.5", "source=192.0.2.6", 1, "has no address 192.0.2.6")]
    [InlineData("source=192.0.2.5", "source=2001:db8::5", 10, "of the target's family")]
    [InlineData("198.51.100.10", "224.0.0.1", 1, "no address that a target has")]
    [InlineData("198.51.100.10", "fe80::1%eth0", 10, "an IP address")]
    [InlineData("module virtio_net", "module ../../x", 1, "no module's name")]
    [InlineData("module virtio_net", "modules virtio_net", 12, "module is expected")]
    public void Rejects_a_line_and_says_which(string good, string bad, int line, string expected)
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(
            () => NetworkPlan.Parse(Whole.Replace(good, bad, StringComparison.Ordinal), "network"));
        Diagnostic diagnostic = Assert.Single(error.Diagnostics);
        Assert.Equal(CaptureDiagnostics.BadNetworkPlan, diagnostic.Id);
        Assert.Equal($"network:{line}", diagnostic.Where);
        Assert.Contains(expected, diagnostic.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_too_large_is_not_read()
    {
        string cards = string.Concat(Enumerable.Range(0, 300).Select(
            number => $"card mac=02:00:00:00:{number / 256:x2}:{number % 256:x2} name=eth{number} mtu=1500\n"));
        Assert.Throws<DiagnosticException>(() => NetworkPlan.Parse("target x\n" + cards, "network"));
        Assert.Throws<DiagnosticException>(() => NetworkPlan.ParseAll(string.Concat(Enumerable.Repeat(Whole, 65)), "network"));
        Assert.Throws<DiagnosticException>(() => NetworkPlan.ParseAll(new string('\n', 300_000), "network"));
    }

    [Fact]
    public void Damaged_text_is_refused_or_is_a_plan()
    {
        foreach (byte[] damaged in Mutations.Of(Encoding.ASCII.GetBytes(Whole), 3000, seed: 7))
        {
            try
            {
                foreach (NetworkPlan plan in NetworkPlan.ParseAll(Encoding.UTF8.GetString(damaged), "network"))
                {
                    Assert.Equal(plan.ToText(), NetworkPlan.Parse(plan.ToText(), "network").ToText());
                }
            }
            catch (DiagnosticException)
            {
                // Refused, and by nothing else.
            }
        }
    }
}
