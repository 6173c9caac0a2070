using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using static Lifeboat.Capture.Network.Netlink.NetlinkConstants;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>The requests that this room makes of rtnetlink.</summary>
internal static class NetlinkRequests
{
    /// <summary>All interfaces.</summary>
    internal static NetlinkWriter ListLinks() => new(GetLink, FlagDump, LinkBody(0, 0, 0));

    /// <summary>All addresses.</summary>
    internal static NetlinkWriter ListAddresses() => new(GetAddress, FlagDump, AddressBody(AnyFamily, 0, 0, 0));

    /// <summary>All routes of a family.</summary>
    internal static NetlinkWriter ListRoutes(AddressFamily family) => new(GetRoute, FlagDump, RouteBody(Family(family), 0, 0, 0, 0, 0));

    /// <summary>The way to an address.</summary>
    internal static NetlinkWriter FindRoute(IPAddress target) =>
        new NetlinkWriter(GetRoute, 0, RouteBody(Family(target.AddressFamily), Bits(target), 0, 0, 0, 0)).Address(RouteTarget, target);

    /// <summary>Switches an interface on, or off.</summary>
    internal static NetlinkWriter SwitchLink(int link, bool on) => new(NewLink, FlagAcknowledge, LinkBody(link, on ? LinkUp : 0, LinkUp));

    /// <summary>Sets the largest packet.</summary>
    internal static NetlinkWriter SetMtu(int link, int mtu) =>
        new NetlinkWriter(NewLink, FlagAcknowledge, LinkBody(link, 0, 0)).Number(LinkMtu, (uint)mtu);

    /// <summary>Sets the hardware address.</summary>
    internal static NetlinkWriter SetMac(int link, MacAddress mac) =>
        new NetlinkWriter(NewLink, FlagAcknowledge, LinkBody(link, 0, 0)).Bytes(LinkAddress, mac.Bytes);

    /// <summary>Makes an interface a member of a bond; of none for 0.</summary>
    internal static NetlinkWriter SetMaster(int link, int master) =>
        new NetlinkWriter(NewLink, FlagAcknowledge, LinkBody(link, 0, 0)).Number(LinkMaster, (uint)master);

    /// <summary>Makes a VLAN.</summary>
    internal static NetlinkWriter CreateVlan(string name, int below, NetworkVlan vlan)
    {
        NetlinkWriter request = new NetlinkWriter(NewLink, FlagAcknowledge | FlagCreate | FlagExclusive, LinkBody(0, 0, 0))
            .Text(LinkName, name)
            .Number(LinkBelow, (uint)below);
        if (vlan.Address is { } mac)
        {
            request.Bytes(LinkAddress, mac.Bytes);
        }

        int info = request.Begin(LinkInfo);
        request.Text(InfoKind, "vlan");
        int data = request.Begin(InfoData);
        request.Short(VlanId, (ushort)vlan.Id).NetworkShort(VlanProtocol, vlan.IsProvider ? TagOf8021Ad : TagOf8021Q);
        return request.End(data).End(info);
    }

    /// <summary>Makes a bond without members.</summary>
    internal static NetlinkWriter CreateBond(string name, NetworkBond bond)
    {
        NetlinkWriter request = new NetlinkWriter(NewLink, FlagAcknowledge | FlagCreate | FlagExclusive, LinkBody(0, 0, 0))
            .Text(LinkName, name);
        if (bond.Address is { } mac)
        {
            request.Bytes(LinkAddress, mac.Bytes);
        }

        int info = request.Begin(LinkInfo);
        request.Text(InfoKind, "bond");
        int data = request.Begin(InfoData);
        request.Byte(BondModeNumber, (byte)bond.Mode).Number(BondMiimon, (uint)bond.Miimon);

        // The kernel refuses these in modes that do not have them.
        if (bond.Mode is not (BondMode.RoundRobin or BondMode.ActiveBackup or BondMode.Broadcast))
        {
            request.Byte(BondHashPolicy, bond.HashPolicy);
        }

        if (bond.Mode == BondMode.Lacp)
        {
            request.Byte(BondLacpRate, bond.IsFastLacp ? (byte)1 : (byte)0);
        }

        if (bond.Mode == BondMode.ActiveBackup)
        {
            request.Byte(BondFailOverMac, bond.FailOverMac);
        }

        return request.End(data).End(info);
    }

    /// <summary>
    /// Gives an interface an address. IPv6 asks nobody whether another machine has it: the answer, that nobody has, takes a second in
    /// which nothing can be sent.
    /// </summary>
    internal static NetlinkWriter AddAddress(int link, IPAddress address, int prefixLength)
    {
        bool isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        NetlinkWriter request = new NetlinkWriter(
            NewAddress,
            FlagAcknowledge | FlagCreate | FlagReplace,
            AddressBody(
                Family(address.AddressFamily), (byte)prefixLength, isIPv6 ? (byte)AddressWithoutDetection : (byte)0, link))
            .Address(AddressLocal, address)
            .Address(AddressValue, address);

        // Networks of 31 and 32 bits have no broadcast.
        if (!isIPv6 && prefixLength < 31)
        {
            Span<byte> broadcast = stackalloc byte[IPBytes.Four];
            address.TryWriteBytes(broadcast, out _);
            uint value = BinaryPrimitives.ReadUInt32BigEndian(broadcast) | (uint.MaxValue >> prefixLength);
            BinaryPrimitives.WriteUInt32BigEndian(broadcast, value);
            request.Bytes(AddressBroadcast, broadcast);
        }

        return request;
    }

    /// <summary>
    /// Sets the way to one address. A router is taken to be on the link whatever the addresses say: where it was not, the running
    /// machine had it so.
    /// </summary>
    internal static NetlinkWriter SetRoute(int link, IPAddress target, IPAddress? gateway, IPAddress source)
    {
        NetlinkWriter request = new NetlinkWriter(
            NewRoute,
            FlagAcknowledge | FlagCreate | FlagReplace,
            RouteBody(
                Family(target.AddressFamily),
                Bits(target),
                ProtocolStatic,
                gateway is null && target.AddressFamily == AddressFamily.InterNetwork ? ScopeLink : ScopeUniverse,
                Unicast,
                gateway is null ? 0 : GatewayOnLink))
            .Address(RouteTarget, target)
            .Number(RouteLink, (uint)link)
            .Address(RouteSource, source);
        return gateway is null ? request : request.Address(RouteGateway, gateway);
    }

    private static byte Family(AddressFamily family) => family == AddressFamily.InterNetwork ? Internet : Internet6;

    private static byte Bits(IPAddress address) => (byte)IPBytes.BitsOf(address);

    // struct ifinfomsg
    private static byte[] LinkBody(int link, uint flags, uint change)
    {
        byte[] body = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), link);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(8), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(12), change);
        return body;
    }

    // struct ifaddrmsg
    private static byte[] AddressBody(byte family, byte prefixLength, byte flags, int link)
    {
        byte[] body = [family, prefixLength, flags, ScopeUniverse, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), link);
        return body;
    }

    // struct rtmsg
    private static byte[] RouteBody(byte family, byte targetBits, byte protocol, byte scope, byte type, uint flags)
    {
        byte[] body = [family, targetBits, 0, 0, TableMain, protocol, scope, type, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(8), flags);
        return body;
    }
}
