using Lifeboat.Capture.Network;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Ramdisk;

public sealed class RamdiskNetworkCheckTests : IDisposable
{
    private const string Host = "dumps.example";

    private const string Plan = """
        target dumps.example
        card mac=52:54:00:12:34:56 name=eth0 mtu=1500
        address 192.0.2.5/24 link=0 by=dhcp
        route 198.51.100.10 link=0 source=192.0.2.5 gateway=192.0.2.1 by=lease
        route 198.51.100.11 link=0 source=192.0.2.5 gateway=192.0.2.1 by=lease
        module ext4
        """;

    private readonly TestRamdisk _ramdisk = new();

    public void Dispose() => _ramdisk.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("route 198.51.100.11", "route 198.51.100.12")] // another of a large service's
    [InlineData("gateway=192.0.2.1", "gateway=192.0.2.9")] // the lease's to name
    public void Of_a_way_that_is_as_it_was_nothing_is_said(string before, string now) => Assert.Empty(Check(Plan, Changed(before, now)));

    [Fact]
    public void A_ramdisk_without_the_way_to_its_target_is_an_error()
    {
        foreach (string? network in (string?[])[null, "", Plan.Replace(Host, "other.example", StringComparison.Ordinal)])
        {
            SettingFinding finding = Assert.Single(Check(network, Plan));
            Assert.Equal((true, CaptureDiagnostics.NoNetworkPlan), (finding.IsError, finding.Diagnostic.Id));
        }
    }

    [Fact]
    public void A_damaged_plan_is_an_error() => Assert.Equal(
        [CaptureDiagnostics.BadNetworkPlan, CaptureDiagnostics.NoNetworkPlan],
        Check(Plan.Replace("mtu=1500", "mtu=x", StringComparison.Ordinal), Plan).Select(finding => finding.Diagnostic.Id));

    [Fact]
    public void A_driver_that_is_missing_is_an_error()
    {
        string plan = Plan.Replace("module ext4", "module virtio_net", StringComparison.Ordinal);
        SettingFinding finding = Assert.Single(Check(plan, plan));
        Assert.Equal((true, CaptureDiagnostics.ModuleMissing), (finding.IsError, finding.Diagnostic.Id));
    }

    [Theory]
    [InlineData("52:54:00:12:34:56", "52:54:00:12:34:57")]
    [InlineData("192.0.2.5", "192.0.2.6")]
    [InlineData("module ext4", "module e1000e")]
    [InlineData("198.51.100.1", "198.51.100.2")]
    public void A_way_that_has_changed_is_a_warning(string before, string now)
    {
        SettingFinding finding = Assert.Single(Check(Plan, Changed(before, now)));
        Assert.Equal((false, CaptureDiagnostics.NetworkDiffers), (finding.IsError, finding.Diagnostic.Id));
        Assert.Contains(before, finding.Diagnostic.Found, StringComparison.Ordinal);
        Assert.Contains(now, finding.Diagnostic.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_is_down_now_is_a_warning()
    {
        SettingFinding finding = Assert.Single(Check(Plan, null));
        Assert.Equal((false, CaptureDiagnostics.NoRoute), (finding.IsError, finding.Diagnostic.Id));
    }

    private static string Changed(string before, string now) =>
        before.Length == 0 ? Plan : Plan.Replace(before, now, StringComparison.Ordinal);

    private IReadOnlyList<SettingFinding> Check(string? network, string? now) => RamdiskCheck.OfNetwork(
        RamdiskContents.Read(_ramdisk.Build(network: network), "capture.img"),
        new RamdiskSurroundings
        {
            KernelRelease = TestRamdisk.Release,
            PlanNetwork = host => now is null
                ? throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.NoRoute, "There is no way") { Found = "no route" })
                : NetworkPlan.Parse(now, host),
        },
        Host);
}
