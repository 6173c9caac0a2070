using Lifeboat.Capture.Network.Dhcp;

namespace Lifeboat.Capture.Network;

/// <summary>What DHCP said of a link.</summary>
/// <param name="link">The link's number.</param>
/// <param name="answer">What the server gave; null when none did.</param>
internal sealed class LinkLease(int link, DhcpAnswer? answer)
{
    internal int Link { get; } = link;

    internal DhcpAnswer? Answer { get; } = answer;
}
