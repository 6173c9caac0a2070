namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>What a DHCP message says.</summary>
internal enum DhcpMessageType : byte
{
    /// <summary>Is there a server?</summary>
    Discover = 1,

    /// <summary>This address could be yours.</summary>
    Offer = 2,

    /// <summary>I take it.</summary>
    Request = 3,

    /// <summary>It is yours.</summary>
    Acknowledge = 5,

    /// <summary>It is not.</summary>
    Refuse = 6,
}
