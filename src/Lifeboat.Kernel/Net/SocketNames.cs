using System.Globalization;

namespace Lifeboat.Kernel.Net;

/// <summary>The names of what a socket is (linux/socket.h, net.h, net/tcp_states.h), which BTF does not all have.</summary>
internal static class SocketNames
{
    internal const int Unix = 1;
    internal const int Internet = 2;
    internal const int Internet6 = 10;
    internal const int Netlink = 16;

    private static readonly string[] Families =
    [
        "UNSPEC", "UNIX", "INET", "AX25", "IPX", "APPLETALK", "NETROM", "BRIDGE", "ATMPVC", "X25", "INET6", "ROSE", "DECNET", "NETBEUI",
        "SECURITY", "KEY", "NETLINK", "PACKET", "ASH", "ECONET", "ATMSVC", "RDS", "SNA", "IRDA", "PPPOX", "WANPIPE", "LLC", "IB", "MPLS",
        "CAN", "TIPC", "BLUETOOTH", "IUCV", "RXRPC", "ISDN", "PHONET", "IEEE802154", "CAIF", "ALG", "NFC", "VSOCK", "KCM", "QIPCRTR",
        "SMC", "XDP", "MCTP",
    ];

    private static readonly string[] Types = ["", "STREAM", "DGRAM", "RAW", "RDM", "SEQPACKET", "DCCP", "", "", "", "PACKET"];

    private static readonly string[] States =
    [
        "", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN",
        "CLOSING", "NEW_SYN_RECV", "BOUND_INACTIVE",
    ];

    private static readonly string[] NeighbourStates =
        ["INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "NOARP", "PERMANENT"];

    internal static string? Family(ulong? number) => Of(Families, number);

    internal static string? Type(ulong? number) => Of(Types, number);

    internal static string? State(ulong? number) => Of(States, number);

    internal static string? NeighbourState(ulong? bits) => bits is not { } value ? null
        : value == 0 ? "NONE" : Of(NeighbourStates, (ulong)ulong.TrailingZeroCount(value));

    private static string? Of(string[] names, ulong? number) => number is not { } value ? null
        : value < (ulong)names.Length && names[value].Length > 0 ? names[value] : value.ToString(CultureInfo.InvariantCulture);
}
