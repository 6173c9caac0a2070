using System.Net;
using Lifeboat.Capture.Network;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Drill.Guests;

namespace Lifeboat.Drill.Tests.Guests;

public sealed class GuestNetworkTests
{
    [Theory]
    [InlineData("127.0.0.1", "route 10.0.2.2 link=0 source=10.0.2.15 by=plan")]
    [InlineData("::1", "route 10.0.2.2 link=0 source=10.0.2.15 by=plan")]
    [InlineData("10.0.2.2", "route 10.0.2.2 link=0 source=10.0.2.15 by=plan")]
    [InlineData("192.0.2.10", "route 192.0.2.10 link=0 source=10.0.2.15 gateway=10.0.2.2 by=lease")]
    public void The_host_s_loopback_is_at_the_router_and_others_are_behind_it(string address, string route)
    {
        NetworkPlan plan = GuestNetwork.PlanFor("dumps.example", _ => [IPAddress.Parse(address)]);
        Assert.Equal("dumps.example", plan.Host);
        Assert.Contains(route + "\n", plan.ToText(), StringComparison.Ordinal);
        Assert.Contains("address 10.0.2.15/24 link=0 by=dhcp\n", plan.ToText(), StringComparison.Ordinal);
        Assert.Equal(["virtio_net"], plan.Modules);
    }

    [Fact]
    public void A_host_of_IPv6_only_is_refused() =>
        Assert.Equal(
            DrillDiagnostics.NoGuestRoute,
            Assert.Throws<DiagnosticException>(() => GuestNetwork.PlanFor("dumps.example", _ => [IPAddress.Parse("2001:db8::1")])).Diagnostics[0].Id);
}
