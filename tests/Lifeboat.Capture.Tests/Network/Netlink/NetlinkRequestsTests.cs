using System.Net;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Network.Netlink;

namespace Lifeboat.Capture.Tests.Network.Netlink;

/// <summary>The bytes of requests: header of netlink, structure of the request, attributes.</summary>
public sealed class NetlinkRequestsTests
{
    private static readonly MacAddress Mac = new([0x52, 0x54, 0, 0x12, 0x34, 0x56]);

    [Fact]
    public void Links_and_addresses_are_listed()
    {
        Check("20000000" + "1200" + "0103" + "07000000" + "00000000" + Zeros(16), NetlinkRequests.ListLinks());
        Check("18000000" + "1600" + "0103" + "07000000" + "00000000" + Zeros(8), NetlinkRequests.ListAddresses());
    }

    [Fact]
    public void A_route_is_asked_for()
    {
        Check(
            "24000000" + "1a00" + "0100" + "07000000" + "00000000" + "02200000fe000000" + "00000000" + "08000100c633640a",
            NetlinkRequests.FindRoute(IPAddress.Parse("198.51.100.10")));
        Check(
            "30000000" + "1a00" + "0100" + "07000000" + "00000000" + "0a800000fe000000" + "00000000"
                + "1400010020010db8000000000000000000000010",
            NetlinkRequests.FindRoute(IPAddress.Parse("2001:db8::10")));
    }

    [Fact]
    public void A_link_is_changed()
    {
        const string Link = "1000" + "0500" + "07000000" + "00000000" + "00000000" + "05000000";
        Check("20000000" + Link + "01000000" + "01000000", NetlinkRequests.SwitchLink(5, on: true));
        Check("20000000" + Link + "00000000" + "01000000", NetlinkRequests.SwitchLink(5, on: false));
        Check("28000000" + Link + Zeros(8) + "08000400" + "dc050000", NetlinkRequests.SetMtu(5, 1500));
        Check("2c000000" + Link + Zeros(8) + "0a000100" + "525400123456" + "0000", NetlinkRequests.SetMac(5, Mac));
        Check("28000000" + Link + Zeros(8) + "08000a00" + "09000000", NetlinkRequests.SetMaster(5, 9));
    }

    [Fact]
    public void A_VLAN_is_made() => Check(
        "58000000" + "1000" + "0506" + "07000000" + "00000000" + Zeros(16)
            + "0b000300" + "6c6276352e3700" + "00" // lbv5.7
            + "08000500" + "05000000"
            + "24001200" + "09000100" + "766c616e00" + "000000" // vlan
            + "14000200" + "06000100" + "0700" + "0000" + "06000500" + "8100" + "0000",
        NetlinkRequests.CreateVlan("lbv5.7", 5, new NetworkVlan("eth0.7", 0, 7, false, 1500)));

    [Fact]
    public void A_bond_is_made_with_what_its_mode_takes()
    {
        const string Named = "0b000300" + "6c6262626f6e00" + "00"; // lbbbon
        Check(
            "64000000" + "1000" + "0506" + "07000000" + "00000000" + Zeros(16) + Named
                + "0a000100" + "525400123456" + "0000"
                + "2c001200" + "09000100" + "626f6e6400" + "000000"
                + "1c000200" + "05000100" + "01000000" + "08000300" + "64000000" + "05000d00" + "01000000",
            NetlinkRequests.CreateBond("lbbbon", new NetworkBond("bond0", [0], BondMode.ActiveBackup, 100, 1500, Mac)
            {
                FailOverMac = 1,
                HashPolicy = 1,
            }));
        Check(
            "60000000" + "1000" + "0506" + "07000000" + "00000000" + Zeros(16) + Named
                + "34001200" + "09000100" + "626f6e6400" + "000000"
                + "24000200" + "05000100" + "04000000" + "08000300" + "64000000" + "05000e00" + "01000000" + "05001500" + "01000000",
            NetlinkRequests.CreateBond("lbbbon", new NetworkBond("bond0", [0], BondMode.Lacp, 100, 1500)
            {
                IsFastLacp = true,
                HashPolicy = 1,
            }));
    }

    [Fact]
    public void An_address_is_added()
    {
        Check(
            "30000000" + "1400" + "0505" + "07000000" + "00000000" + "0217000005000000"
                + "08000200" + "c0000205" + "08000100" + "c0000205" + "08000400" + "c00003ff",
            NetlinkRequests.AddAddress(5, IPAddress.Parse("192.0.2.5"), 23));
        Check(
            "40000000" + "1400" + "0505" + "07000000" + "00000000" + "0a40020005000000"
                + "14000200" + "20010db8000000000000000000000005" + "14000100" + "20010db8000000000000000000000005",
            NetlinkRequests.AddAddress(5, IPAddress.Parse("2001:db8::5"), 64));
    }

    [Fact]
    public void A_route_is_set()
    {
        Check(
            "3c000000" + "1800" + "0505" + "07000000" + "00000000" + "02200000fe040001" + "04000000"
                + "08000100" + "c633640a" + "08000400" + "05000000" + "08000700" + "c0000205" + "08000500" + "c0000201",
            NetlinkRequests.SetRoute(
                5, IPAddress.Parse("198.51.100.10"), IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.5")));
        Check(
            "34000000" + "1800" + "0505" + "07000000" + "00000000" + "02200000fe04fd01" + "00000000"
                + "08000100" + "c0000209" + "08000400" + "05000000" + "08000700" + "c0000205",
            NetlinkRequests.SetRoute(5, IPAddress.Parse("192.0.2.9"), null, IPAddress.Parse("192.0.2.5")));
    }

    private static string Zeros(int count) => new('0', 2 * count);

    private static void Check(string bytes, NetlinkWriter request) =>
        Assert.Equal(bytes, Convert.ToHexStringLower(request.Finish(7)));
}
