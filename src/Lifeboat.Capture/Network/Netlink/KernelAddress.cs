using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>An address of this machine as the kernel describes it (<c>struct ifaddrmsg</c> and its attributes).</summary>
internal sealed class KernelAddress
{
    private const int BodySize = 8;
    private const uint Forever = uint.MaxValue;

    /// <summary>The number of its interface.</summary>
    internal int Link { get; init; }

    /// <summary>The address.</summary>
    internal required IPAddress Address { get; init; }

    /// <summary>The bits of it that are the network's.</summary>
    internal int PrefixLength { get; init; }

    /// <summary>Whether somebody gave it for some time only: DHCP, or a router's advertisement.</summary>
    internal bool IsLimited { get; init; }

    /// <summary>Whether it is one of IPv6's that are changed each day, for privacy.</summary>
    internal bool IsTemporary { get; init; }

    /// <summary>Reads the body of an RTM_NEWADDR message; false for what is no address of IP.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out KernelAddress? address)
    {
        address = null;
        if (body.Length < BodySize)
        {
            return false;
        }

        byte family = body[0];
        uint flags = body[2];
        bool isLimited = false;
        IPAddress? local = null, value = null;
        var attributes = new NetlinkAttributes(body[BodySize..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NetlinkConstants.AddressLocal:
                    local = KernelRoute.AddressOf(family, attributes.Value);
                    break;
                case NetlinkConstants.AddressValue:
                    value = KernelRoute.AddressOf(family, attributes.Value);
                    break;
                case NetlinkConstants.AddressFlags:
                    flags = attributes.Number;
                    break;
                case NetlinkConstants.AddressLifetimes when attributes.Value.Length >= 8:
                    isLimited = BinaryPrimitives.ReadUInt32LittleEndian(attributes.Value[4..]) != Forever;
                    break;
            }
        }

        // On a point-to-point link the value is the other side's.
        if ((local ?? value) is not { } found || body[1] > IPBytes.BitsOf(found))
        {
            return false;
        }

        address = new KernelAddress
        {
            Link = BinaryPrimitives.ReadInt32LittleEndian(body[4..]),
            Address = found,
            PrefixLength = body[1],
            IsLimited = isLimited || (flags & NetlinkConstants.AddressPermanent) == 0,
            IsTemporary = family == NetlinkConstants.Internet6 && (flags & NetlinkConstants.AddressTemporary) != 0,
        };
        return true;
    }
}
