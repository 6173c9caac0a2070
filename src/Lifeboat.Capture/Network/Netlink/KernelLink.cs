using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>An interface as the kernel describes it (<c>struct ifinfomsg</c> and its attributes).</summary>
internal sealed class KernelLink
{
    private const int BodySize = 16;

    /// <summary>Its number.</summary>
    internal int Index { get; init; }

    /// <summary>Its name.</summary>
    internal string Name { get; init; } = "";

    /// <summary>The kind of its hardware, <c>ARPHRD_*</c>.</summary>
    internal ushort Hardware { get; init; } = NetlinkConstants.Ethernet;

    /// <summary><c>IFF_*</c>.</summary>
    internal uint Flags { get; init; }

    /// <summary>The hardware address that it has now.</summary>
    internal MacAddress? Mac { get; init; }

    /// <summary>The address that the card was built with; null where the kernel does not say.</summary>
    internal MacAddress? PermanentMac { get; init; }

    /// <summary>The largest packet.</summary>
    internal int Mtu { get; init; }

    /// <summary>The number of the link below; 0 without, or when it is in another namespace.</summary>
    internal int Below { get; init; }

    /// <summary>The number of the bond or bridge that it is a member of; 0 without.</summary>
    internal int Master { get; init; }

    /// <summary>What made it (<c>vlan</c>, <c>bond</c>, <c>bridge</c>); null for a card.</summary>
    internal string? Kind { get; init; }

    /// <summary>Of a VLAN, its number.</summary>
    internal int VlanId { get; init; }

    /// <summary>Of a VLAN, the tag.</summary>
    internal ushort VlanProtocol { get; init; }

    /// <summary>Of a bond, <c>BOND_MODE_*</c>.</summary>
    internal byte BondMode { get; init; }

    /// <summary>Of a bond, milliseconds between looks at the carriers; 0 when it looks at none.</summary>
    internal int Miimon { get; init; }

    /// <summary>Of a bond, by what a packet's card is chosen.</summary>
    internal byte HashPolicy { get; init; }

    /// <summary>Of a bond, 1 when LACP is spoken each second.</summary>
    internal byte LacpRate { get; init; }

    /// <summary>Of a bond, whose address it has after a failover.</summary>
    internal byte FailOverMac { get; init; }

    /// <summary>Of a bridge, whether it looks at VLANs.</summary>
    internal bool FiltersVlans { get; init; }

    /// <summary>Whether it is switched on.</summary>
    internal bool IsUp => (Flags & NetlinkConstants.LinkUp) != 0;

    /// <summary>Whether packets can go: it is on and has a carrier.</summary>
    internal bool IsRunning => IsUp && (Flags & (NetlinkConstants.LinkRunning | NetlinkConstants.LinkLowerUp))
        == (NetlinkConstants.LinkRunning | NetlinkConstants.LinkLowerUp);

    /// <summary>The address by which a card is known across kernels.</summary>
    internal MacAddress? Identity => PermanentMac ?? Mac;

    /// <summary>Reads the body of an RTM_NEWLINK message.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out KernelLink? link)
    {
        link = null;
        if (body.Length < BodySize)
        {
            return false;
        }

        string name = "";
        MacAddress? mac = null, permanent = null;
        int mtu = 0, below = 0, master = 0;
        bool isBelowElsewhere = false;
        var info = new KernelLinkInfo();
        var attributes = new NetlinkAttributes(body[BodySize..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NetlinkConstants.LinkName:
                    name = attributes.Text;
                    break;
                case NetlinkConstants.LinkAddress:
                    mac = attributes.Mac;
                    break;
                case NetlinkConstants.LinkPermanentAddress:
                    permanent = attributes.Mac;
                    break;
                case NetlinkConstants.LinkMtu:
                    mtu = (int)Math.Min(attributes.Number, int.MaxValue);
                    break;
                case NetlinkConstants.LinkBelow:
                    below = unchecked((int)attributes.Number);
                    break;
                case NetlinkConstants.LinkBelowNamespace:
                    isBelowElsewhere = true;
                    break;
                case NetlinkConstants.LinkMaster:
                    master = unchecked((int)attributes.Number);
                    break;
                case NetlinkConstants.LinkInfo:
                    info.Read(attributes.Value);
                    break;
            }
        }

        link = new KernelLink
        {
            Hardware = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]),
            Index = BinaryPrimitives.ReadInt32LittleEndian(body[4..]),
            Flags = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
            Name = name,
            Mac = mac,
            PermanentMac = permanent ?? info.MemberPermanentMac,
            Mtu = mtu,
            Below = isBelowElsewhere ? 0 : below,
            Master = master,
            Kind = info.Kind,
            VlanId = info.VlanId,
            VlanProtocol = info.VlanProtocol,
            BondMode = info.BondMode,
            Miimon = info.Miimon,
            HashPolicy = info.HashPolicy,
            LacpRate = info.LacpRate,
            FailOverMac = info.FailOverMac,
            FiltersVlans = info.FiltersVlans,
        };
        return true;
    }
}
