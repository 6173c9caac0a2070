namespace Lifeboat.Capture.Network.Netlink;

/// <summary>The attributes of a link that depend on what made it (<c>IFLA_LINKINFO</c>).</summary>
internal sealed class KernelLinkInfo
{
    internal string? Kind { get; private set; }

    internal int VlanId { get; private set; }

    internal ushort VlanProtocol { get; private set; }

    internal byte BondMode { get; private set; }

    internal int Miimon { get; private set; }

    internal byte HashPolicy { get; private set; }

    internal byte LacpRate { get; private set; }

    internal byte FailOverMac { get; private set; }

    internal bool FiltersVlans { get; private set; }

    /// <summary>Of a bond's member, the address that it was built with.</summary>
    internal MacAddress? MemberPermanentMac { get; private set; }

    internal void Read(ReadOnlySpan<byte> bytes)
    {
        string? memberKind = null;
        ReadOnlySpan<byte> data = default;
        ReadOnlySpan<byte> memberData = default;
        var attributes = new NetlinkAttributes(bytes);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NetlinkConstants.InfoKind:
                    Kind = attributes.Text;
                    break;
                case NetlinkConstants.InfoData:
                    data = attributes.Value;
                    break;
                case NetlinkConstants.InfoSlaveKind:
                    memberKind = attributes.Text;
                    break;
                case NetlinkConstants.InfoSlaveData:
                    memberData = attributes.Value;
                    break;
            }
        }

        ReadData(data);
        if (memberKind == "bond")
        {
            var member = new NetlinkAttributes(memberData);
            while (member.Next())
            {
                if (member.Type == NetlinkConstants.BondMemberPermanentAddress)
                {
                    MemberPermanentMac = member.Mac;
                }
            }
        }
    }

    private void ReadData(ReadOnlySpan<byte> bytes)
    {
        var data = new NetlinkAttributes(bytes);
        while (data.Next())
        {
            switch (Kind, data.Type)
            {
                case ("vlan", NetlinkConstants.VlanId):
                    VlanId = data.Short;
                    break;
                case ("vlan", NetlinkConstants.VlanProtocol):
                    VlanProtocol = data.NetworkShort;
                    break;
                case ("bond", NetlinkConstants.BondModeNumber):
                    BondMode = data.Byte;
                    break;
                case ("bond", NetlinkConstants.BondMiimon):
                    Miimon = (int)Math.Min(data.Number, int.MaxValue);
                    break;
                case ("bond", NetlinkConstants.BondHashPolicy):
                    HashPolicy = data.Byte;
                    break;
                case ("bond", NetlinkConstants.BondLacpRate):
                    LacpRate = data.Byte;
                    break;
                case ("bond", NetlinkConstants.BondFailOverMac):
                    FailOverMac = data.Byte;
                    break;
                case ("bridge", NetlinkConstants.BridgeVlanFiltering):
                    FiltersVlans = data.Byte != 0;
                    break;
            }
        }
    }
}
