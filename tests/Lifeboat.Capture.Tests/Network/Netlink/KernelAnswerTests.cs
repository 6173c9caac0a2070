using System.Net;
using System.Text.Json;
using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests.Network.Netlink;

public sealed class KernelAnswerTests
{
    // A VLAN 7 of 802.1ad over number 3, a member of the bond 9.
    private static readonly byte[] Vlan = Convert.FromHexString(
        "000001000500000043100100ffffffff" // ifinfomsg
        + "0b000300657468302e370000" // eth0.7
        + "08000400dc050000" + "0800050003000000" + "08000a0009000000" + "0a000100525400123456" + "0000" + "0a003600525400123457" + "0000"
        + "40001280" // IFLA_LINKINFO, nested
        + "09000100766c616e00000000" + "14000280" + "0600010007000000" + "0600050088a80000"
        + "09000400626f6e6400000000" + "10000500" + "0a000400020000000001" + "0000");

    [Fact]
    public void A_link_is_read()
    {
        Assert.True(KernelLink.TryParse(Vlan, out KernelLink? link));
        Assert.Equal((5, "eth0.7", "vlan", 7, 0x88a8), (link.Index, link.Name, link.Kind, link.VlanId, link.VlanProtocol));
        Assert.Equal((1500, 3, 9), (link.Mtu, link.Below, link.Master));
        Assert.Equal(("52:54:00:12:34:56", "52:54:00:12:34:57"), (link.Mac?.ToString(), link.PermanentMac?.ToString()));
        Assert.True(link.IsRunning);
    }

    [Fact]
    public void An_address_by_DHCP_is_read()
    {
        byte[] body = Convert.FromHexString(
            "0218000005000000" + "08000100c0000205" + "08000200c0000205" + "0800080000000000" + "14000600" + "10270000" + "102700000000000000000000");
        Assert.True(KernelAddress.TryParse(body, out KernelAddress? address));
        Assert.Equal((5, "192.0.2.5", 24, true), (address.Link, address.Address.ToString(), address.PrefixLength, address.IsLimited));
    }

    [Fact]
    public void What_the_kernel_says_of_an_error_is_read()
    {
        // NLMSG_ERROR, capped, with attributes: -EINVAL, the request's header, "no".
        byte[] bytes = Convert.FromHexString(
            "2c000000" + "0200" + "0003" + "07000000" + "00000000" + "eaffffff" + "20000000100005000700000000000000" + "070001006e6f0000");
        var messages = new NetlinkMessages(bytes);
        Assert.True(messages.Next());
        Assert.Equal((Errno.EINVAL, "no", 7U, false), (messages.Error, messages.ErrorText, messages.Sequence, messages.IsPart));
        Assert.False(messages.Next());
    }

    [Fact]
    public void Damaged_answers_are_read_or_not_and_nothing_else()
    {
        foreach (byte[] damaged in Mutations.Of(Vlan, 20_000, seed: 5))
        {
            _ = KernelLink.TryParse(damaged, out _);
            _ = KernelAddress.TryParse(damaged, out _);
            _ = KernelRoute.TryParse(damaged, out _);
            byte[] header = [(byte)(damaged.Length + 16), (byte)((damaged.Length + 16) >> 8), 0, 0, 2, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0];
            foreach (byte[] bytes in (byte[][])[damaged, [.. header, .. damaged]])
            {
                var messages = new NetlinkMessages(bytes);
                while (messages.Next())
                {
                    _ = messages.ErrorText;
                    _ = messages.Error;
                }
            }
        }
    }

    [Fact]
    public void The_kernel_and_ip_tell_the_same()
    {
        using TestWire wire = new TestWire().PutIn();
        wire.Here.Ip("link add br0 type bridge", "link set ens3 master br0", "link add link br0 name mv0 type macvlan", "link set br0 up",
            "addr add 203.0.113.5/25 dev br0 valid_lft 5000 preferred_lft 5000", "route add 198.51.100.0/24 via 203.0.113.1 dev br0",
            "route add unreachable 198.51.100.77", "route add default via 203.0.113.2 dev br0");
        using JsonDocument expected = JsonDocument.Parse(wire.Here.Run(() => Oracle.Run("ip", [], "-j", "-d", "link")));
        wire.Here.Run(() =>
        {
            using RouteSocket socket = RouteSocket.Open();
            List<KernelLink> links = socket.Links();
            Assert.Equal(expected.RootElement.GetArrayLength(), links.Count);
            foreach (JsonElement ip in expected.RootElement.EnumerateArray())
            {
                KernelLink link = links.Find(link => link.Index == ip.GetProperty("ifindex").GetInt32())!;
                Assert.Equal(ip.GetProperty("ifname").GetString(), link.Name);
                Assert.Equal(ip.GetProperty("mtu").GetInt32(), link.Mtu);
                Assert.Equal(ip.GetProperty("address").GetString(), link.Mac?.ToString() ?? "00:00:00:00:00:00");
                Assert.Equal(
                    ip.TryGetProperty("linkinfo", out JsonElement info) && info.TryGetProperty("info_kind", out JsonElement kind)
                        ? kind.GetString() : null,
                    link.Kind);
                Assert.Equal(
                    ip.TryGetProperty("master", out JsonElement master) ? master.GetString() : null,
                    links.Find(other => other.Index == link.Master)?.Name);
            }

            KernelLink bridge = links.Find(link => link.Name == "br0")!;
            KernelAddress address = Assert.Single(socket.Addresses(), address => address.Link == bridge.Index && address.PrefixLength == 25);
            Assert.True(address.IsLimited);
            KernelRoute route = socket.RouteTo(IPAddress.Parse("198.51.100.9"))!;
            Assert.Equal(
                (bridge.Index, "203.0.113.1", "203.0.113.5"), (route.Link, route.Gateway?.ToString(), route.Source?.ToString()));
            Assert.Null(socket.RouteTo(IPAddress.Parse("198.51.100.77")));
            Assert.Null(socket.RouteTo(IPAddress.Parse("2001:db8:99::1")));
            Assert.Equal(
                "203.0.113.2", socket.DefaultGateway(bridge.Index, System.Net.Sockets.AddressFamily.InterNetwork)?.ToString());
            KernelInterfaceException refusal = Assert.Throws<KernelInterfaceException>(() =>
                socket.Ask(NetlinkRequests.SetMtu(bridge.Index, 70_000), "setting the MTU of", "br0", static (_, _) => { }));
            Assert.Equal((Errno.EINVAL, "The kernel says: mtu greater than device maximum"), (refusal.Errno, refusal.Remedy));
        });
    }
}
