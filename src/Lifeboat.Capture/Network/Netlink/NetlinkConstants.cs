namespace Lifeboat.Capture.Network.Netlink;

/// <summary>Numbers of linux/netlink.h, rtnetlink.h, if_link.h, if_addr.h and if.h that this room uses.</summary>
internal static class NetlinkConstants
{
    // Types of messages that every netlink has.
    internal const ushort MessageError = 2;
    internal const ushort MessageDone = 3;

    // Types of messages of rtnetlink.
    internal const ushort NewLink = 16;
    internal const ushort GetLink = 18;
    internal const ushort NewAddress = 20;
    internal const ushort GetAddress = 22;
    internal const ushort NewRoute = 24;
    internal const ushort GetRoute = 26;

    // NLM_F_*
    internal const ushort FlagRequest = 1;
    internal const ushort FlagPart = 2;
    internal const ushort FlagAcknowledge = 4;
    internal const ushort FlagInterrupted = 0x10;
    internal const ushort FlagReplace = 0x100;
    internal const ushort FlagExclusive = 0x200;
    internal const ushort FlagDump = 0x300;
    internal const ushort FlagCreate = 0x400;
    internal const ushort FlagAnswerCapped = 0x100;
    internal const ushort FlagAnswerAttributes = 0x200;
    internal const ushort ErrorText = 1; // NLMSGERR_ATTR_MSG

    // IFLA_*
    internal const ushort LinkAddress = 1;
    internal const ushort LinkName = 3;
    internal const ushort LinkMtu = 4;
    internal const ushort LinkBelow = 5;
    internal const ushort LinkMaster = 10;
    internal const ushort LinkInfo = 18;
    internal const ushort LinkBelowNamespace = 37;
    internal const ushort LinkPermanentAddress = 54;
    internal const ushort InfoKind = 1;
    internal const ushort InfoData = 2;
    internal const ushort InfoSlaveKind = 4;
    internal const ushort InfoSlaveData = 5;
    internal const ushort VlanId = 1;
    internal const ushort VlanProtocol = 5;
    internal const ushort BondModeNumber = 1;
    internal const ushort BondMiimon = 3;
    internal const ushort BondFailOverMac = 13;
    internal const ushort BondHashPolicy = 14;
    internal const ushort BondLacpRate = 21;
    internal const ushort BondMemberPermanentAddress = 4;
    internal const ushort BridgeVlanFiltering = 7;

    // IFF_*
    internal const uint LinkUp = 1;
    internal const uint LinkRunning = 0x40;
    internal const uint LinkLowerUp = 0x10000;

    // ARPHRD_*
    internal const ushort Ethernet = 1;
    internal const ushort Loopback = 772;

    // IFA_*
    internal const ushort AddressValue = 1;
    internal const ushort AddressLocal = 2;
    internal const ushort AddressBroadcast = 4;
    internal const ushort AddressLifetimes = 6;
    internal const ushort AddressFlags = 8;
    internal const uint AddressTemporary = 1; // of IPv6; of IPv4 it says secondary
    internal const uint AddressWithoutDetection = 2; // IFA_F_NODAD
    internal const uint AddressPermanent = 0x80;

    // RTA_*, RTN_*, RTPROT_*, RT_SCOPE_*, RT_TABLE_*, RTNH_F_*, RTM_F_*
    internal const ushort RouteTarget = 1;
    internal const ushort RouteLink = 4;
    internal const ushort RouteGateway = 5;
    internal const ushort RoutePriority = 6;
    internal const ushort RouteSource = 7;
    internal const ushort RouteTable = 15;
    internal const ushort RouteVia = 18;
    internal const byte Unicast = 1;
    internal const byte Local = 2;
    internal const byte ProtocolStatic = 4;
    internal const byte ScopeUniverse = 0;
    internal const byte ScopeLink = 253;
    internal const byte TableMain = 254;
    internal const uint GatewayOnLink = 4;

    // The bits of an attribute's type that are none of it.
    internal const ushort TypeMask = 0x3fff;

    // AF_*
    internal const byte AnyFamily = 0;
    internal const byte Internet = 2;
    internal const byte Internet6 = 10;

    internal const ushort TagOf8021Q = 0x8100;
    internal const ushort TagOf8021Ad = 0x88a8;
}
