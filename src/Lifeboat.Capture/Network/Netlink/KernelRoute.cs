using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>The way to an address as the kernel answers it (<c>struct rtmsg</c> and its attributes).</summary>
internal sealed class KernelRoute
{
    private const int BodySize = 12;

    /// <summary>What becomes of packets, <c>RTN_*</c>.</summary>
    internal byte Type { get; init; } = NetlinkConstants.Unicast;

    /// <summary>The bits of the target that the route is for: 0 of a default route.</summary>
    internal byte TargetBits { get; init; }

    /// <summary>The routing table.</summary>
    internal uint Table { get; init; } = NetlinkConstants.TableMain;

    /// <summary>The number of the interface it goes out by.</summary>
    internal int Link { get; init; }

    /// <summary>The router; null when the target is on the link.</summary>
    internal IPAddress? Gateway { get; init; }

    /// <summary>This machine's address then; null when the kernel does not say.</summary>
    internal IPAddress? Source { get; init; }

    /// <summary>Whether the router's address is of another family than the target's.</summary>
    internal bool HasForeignGateway { get; init; }

    /// <summary>Reads the body of an RTM_NEWROUTE message.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out KernelRoute? route)
    {
        route = null;
        if (body.Length < BodySize)
        {
            return false;
        }

        byte family = body[0];
        uint table = body[4];
        int link = 0;
        bool hasVia = false;
        IPAddress? gateway = null, source = null;
        var attributes = new NetlinkAttributes(body[BodySize..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NetlinkConstants.RouteLink:
                    link = unchecked((int)attributes.Number);
                    break;
                case NetlinkConstants.RouteGateway:
                    gateway = AddressOf(family, attributes.Value);
                    break;
                case NetlinkConstants.RouteSource:
                    source = AddressOf(family, attributes.Value);
                    break;
                case NetlinkConstants.RouteTable:
                    table = attributes.Number;
                    break;
                case NetlinkConstants.RouteVia:
                    hasVia = true;
                    break;
            }
        }

        route = new KernelRoute
        {
            Type = body[7],
            TargetBits = body[1],
            Table = table,
            Link = link,
            Gateway = gateway,
            Source = source,
            HasForeignGateway = hasVia,
        };
        return true;
    }

    /// <summary>The address of a family that bytes are; null when they are none.</summary>
    internal static IPAddress? AddressOf(byte family, ReadOnlySpan<byte> bytes) =>
        (family == NetlinkConstants.Internet && bytes.Length == IPBytes.Four)
        || (family == NetlinkConstants.Internet6 && bytes.Length == IPBytes.Sixteen) ? new IPAddress(bytes) : null;
}
