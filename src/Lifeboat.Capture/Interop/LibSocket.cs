using System.Runtime.InteropServices;

namespace Lifeboat.Capture.Interop;

/// <summary>
/// The C library's calls on sockets. The runtime's own sockets bring an event loop and name service along: 200 KB of the program
/// for what are a dozen calls here.
/// </summary>
internal static partial class LibSocket
{
    internal const int Ipv4 = 2; // AF_INET
    internal const int Ipv6 = 10; // AF_INET6
    internal const int StreamWithoutBlocking = 1 | 0x800 | 0x80000; // SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC
    internal const int Tcp = 6; // IPPROTO_TCP
    internal const int NoDelay = 1; // TCP_NODELAY
    internal const int SocketLevel = 1; // SOL_SOCKET
    internal const int PendingError = 4; // SO_ERROR
    internal const int NoSignal = 0x4000; // MSG_NOSIGNAL
    internal const short Readable = 1; // POLLIN
    internal const short Writable = 4; // POLLOUT

    internal const int Netlink = 16; // AF_NETLINK
    internal const int Packet = 17; // AF_PACKET
    internal const int Datagram = 2 | 0x80000; // SOCK_DGRAM | SOCK_CLOEXEC
    internal const int Raw = 3 | 0x80000; // SOCK_RAW | SOCK_CLOEXEC
    internal const int NetlinkLevel = 270; // SOL_NETLINK
    internal const int ReceiveTimeout = 20; // SO_RCVTIMEO
    internal const int NetlinkCapAnswers = 10; // NETLINK_CAP_ACK
    internal const int NetlinkAnswerAttributes = 11; // NETLINK_EXT_ACK
    internal const int Truncated = 0x20; // MSG_TRUNC

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial int Open(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static unsafe partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    internal static unsafe partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    internal static unsafe partial nint SendTo(int descriptor, byte* bytes, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport(Library, EntryPoint = "recvfrom", SetLastError = true)]
    internal static unsafe partial nint ReceiveFrom(int descriptor, byte* bytes, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    internal static unsafe partial nint Receive(int descriptor, byte* target, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    internal static unsafe partial nint Send(int descriptor, byte* source, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetOption(int descriptor, int level, int option, in int value, uint length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    internal static unsafe partial int SetOption(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    internal static partial int GetOption(int descriptor, int level, int option, out int value, ref uint length);

    [LibraryImport(Library, EntryPoint = "getrandom", SetLastError = true)]
    internal static unsafe partial nint GetRandom(byte* target, nuint length, uint flags);
}
