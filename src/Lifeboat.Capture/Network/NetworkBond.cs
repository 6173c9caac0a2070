using System.Text;

namespace Lifeboat.Capture.Network;

/// <summary>Several cards that work as one.</summary>
/// <param name="name">Its name on the machine that was planned for.</param>
/// <param name="members">The places of its cards in <see cref="NetworkPlan.Links"/>; they come earlier.</param>
/// <param name="mode">How they share the work.</param>
/// <param name="miimon">How often a member's carrier is looked at, in milliseconds.</param>
/// <param name="mtu">The largest packet, in bytes.</param>
/// <param name="address">The hardware address that it is given; null leaves that of the first member.</param>
public sealed class NetworkBond(
    string name, IReadOnlyList<int> members, BondMode mode, int miimon, int mtu, MacAddress? address = null)
    : NetworkLink(name, mtu, address)
{
    /// <summary>The most cards of a bond.</summary>
    public const int MostMembers = 16;

    /// <summary>The longest time between two looks at a carrier, in milliseconds.</summary>
    public const int MostMiimon = 60_000;

    /// <summary>The places of its cards in <see cref="NetworkPlan.Links"/>, in the order in which they are added.</summary>
    public IReadOnlyList<int> Members { get; } = members.Count is > 0 and <= MostMembers
        ? members : throw new ArgumentException($"a bond has 1 to {MostMembers} cards", nameof(members));

    /// <summary>How they share the work.</summary>
    public BondMode Mode { get; } = mode is >= BondMode.RoundRobin and <= BondMode.AdaptiveLoadBalancing
        ? mode : throw new ArgumentOutOfRangeException(nameof(mode));

    /// <summary>How often a member's carrier is looked at, in milliseconds; never 0, which would be never.</summary>
    public int Miimon { get; } = miimon is > 0 and <= MostMiimon
        ? miimon : throw new ArgumentOutOfRangeException(nameof(miimon), miimon, $"1 to {MostMiimon}");

    /// <summary>By what a packet's card is chosen (<c>IFLA_BOND_XMIT_HASH_POLICY</c>); the kernel's 0 is layer 2.</summary>
    public byte HashPolicy { get; init; }

    /// <summary>Whether LACP is spoken each second rather than each half minute.</summary>
    public bool IsFastLacp { get; init; }

    /// <summary>Whose address the bond has after a failover (<c>IFLA_BOND_FAIL_OVER_MAC</c>); the kernel's 0 is always its own.</summary>
    public byte FailOverMac { get; init; }

    /// <inheritdoc/>
    internal override void WriteTo(StringBuilder text)
    {
        text.Append("bond members=").AppendJoin(',', Members).Append(" mode=").Append((int)Mode).Append(" miimon=").Append(Miimon)
            .Append(" hash=").Append(HashPolicy).Append(" lacp=").Append(IsFastLacp ? "fast" : "slow")
            .Append(" failover=").Append(FailOverMac);
        WriteCommon(text);
    }
}
