using System.Text;

namespace Lifeboat.Capture.Network;

/// <summary>An Ethernet card, found by the address that it was built with whatever name the capture kernel gives it.</summary>
/// <param name="name">Its name on the machine that was planned for.</param>
/// <param name="mac">The address that it was built with.</param>
/// <param name="mtu">The largest packet, in bytes.</param>
/// <param name="address">The hardware address that it is given; null leaves it its own.</param>
public sealed class NetworkCard(string name, MacAddress mac, int mtu, MacAddress? address = null) : NetworkLink(name, mtu, address)
{
    /// <summary>The address that it was built with.</summary>
    public MacAddress Mac { get; } = mac;

    /// <inheritdoc/>
    internal override void WriteTo(StringBuilder text)
    {
        text.Append("card mac=").Append(Mac);
        WriteCommon(text);
    }
}
