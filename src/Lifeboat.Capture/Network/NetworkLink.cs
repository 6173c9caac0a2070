using System.Text;

namespace Lifeboat.Capture.Network;

/// <summary>One interface of a plan: a card, or what is made over cards.</summary>
/// <param name="name">Its name on the machine that was planned for; in the capture kernel it may have another.</param>
/// <param name="mtu">The largest packet, in bytes.</param>
/// <param name="address">The hardware address that it is given; null leaves the one it comes with.</param>
public abstract class NetworkLink(string name, int mtu, MacAddress? address)
{
    /// <summary>The longest name that the kernel takes (<c>IFNAMSIZ</c> without its zero).</summary>
    public const int MaxNameLength = 15;

    /// <summary>The least packet size that IPv4 lives with.</summary>
    public const int LeastMtu = 68;

    /// <summary>The largest packet size that the kernel takes for Ethernet.</summary>
    public const int MostMtu = 65535;

    /// <summary>Its name on the machine that was planned for, for messages.</summary>
    public string Name { get; } = IsName(name) ? name : throw new ArgumentException($"'{name}' is no interface's name", nameof(name));

    /// <summary>The largest packet, in bytes.</summary>
    public int Mtu { get; } = mtu is >= LeastMtu and <= MostMtu
        ? mtu : throw new ArgumentOutOfRangeException(nameof(mtu), mtu, $"{LeastMtu} to {MostMtu}");

    /// <summary>The hardware address that it is given; null leaves the one it comes with.</summary>
    public MacAddress? Address { get; } = address;

    /// <summary>Whether text can be the name of an interface, and stand in the plan's text.</summary>
    internal static bool IsName(string text)
    {
        foreach (char character in text)
        {
            if (character is <= ' ' or > '~' or '/' or ':' or '#')
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MaxNameLength && text is not ("." or "..");
    }

    /// <summary>Writes the link as a line of the plan's text, without the line's end.</summary>
    internal abstract void WriteTo(StringBuilder text);

    private protected void WriteCommon(StringBuilder text)
    {
        text.Append(" name=").Append(Name).Append(" mtu=").Append(Mtu);
        if (Address is { } address)
        {
            text.Append(" address=").Append(address);
        }
    }
}
