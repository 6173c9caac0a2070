using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>Sends and receives IPv4 packets on one link, without an address: the seam through which a test is the network.</summary>
internal interface IDhcpWire
{
    /// <summary>Sends a packet to everybody on the link; <see cref="Errno.None"/> when it went out.</summary>
    Errno Send(ReadOnlySpan<byte> packet);

    /// <summary>Waits for a packet.</summary>
    /// <returns>Its length; 0 when none came in time.</returns>
    int Receive(Span<byte> buffer, TimeSpan limit);
}
