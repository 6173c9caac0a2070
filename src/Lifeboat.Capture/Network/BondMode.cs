namespace Lifeboat.Capture.Network;

/// <summary>How the cards of a bond share the work (<c>BOND_MODE_*</c> of linux/if_bonding.h).</summary>
public enum BondMode
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>One works, the others stand by.</summary>
    ActiveBackup,

    /// <summary>By a hash of the packet.</summary>
    Xor,

    /// <summary>All send everything.</summary>
    Broadcast,

    /// <summary>As the switch and the cards agree by LACP (802.3ad).</summary>
    Lacp,

    /// <summary>What is sent is shared out.</summary>
    TransmitLoadBalancing,

    /// <summary>What is sent and received is shared out.</summary>
    AdaptiveLoadBalancing,
}
