using System.Text;

namespace Lifeboat.Capture.Network;

/// <summary>A VLAN over another link.</summary>
/// <param name="name">Its name on the machine that was planned for.</param>
/// <param name="over">The place of the link below in <see cref="NetworkPlan.Links"/>; it comes earlier.</param>
/// <param name="id">The VLAN's number, 0 to 4094.</param>
/// <param name="isProvider">Whether the tag is a provider's (802.1ad, 0x88a8) rather than 802.1Q's (0x8100).</param>
/// <param name="mtu">The largest packet, in bytes.</param>
/// <param name="address">The hardware address that it is given; null leaves that of the link below.</param>
public sealed class NetworkVlan(string name, int over, int id, bool isProvider, int mtu, MacAddress? address = null)
    : NetworkLink(name, mtu, address)
{
    /// <summary>The largest number of a VLAN.</summary>
    public const int MostId = 4094;

    /// <summary>The place of the link below in <see cref="NetworkPlan.Links"/>.</summary>
    public int Over { get; } = over;

    /// <summary>The VLAN's number.</summary>
    public int Id { get; } = id is >= 0 and <= MostId ? id : throw new ArgumentOutOfRangeException(nameof(id), id, $"0 to {MostId}");

    /// <summary>Whether the tag is a provider's (802.1ad) rather than 802.1Q's.</summary>
    public bool IsProvider { get; } = isProvider;

    /// <inheritdoc/>
    internal override void WriteTo(StringBuilder text)
    {
        text.Append("vlan over=").Append(Over).Append(" id=").Append(Id).Append(" protocol=").Append(IsProvider ? "802.1ad" : "802.1Q");
        WriteCommon(text);
    }
}
