using System.Runtime.InteropServices;

namespace Lifeboat.Capture.Interop;

/// <content>Sockets of kinds that the runtime has none of: netlink and packets.</content>
internal static partial class LibC
{
    internal const int FamilyNetlink = 16;
    internal const int FamilyPacket = 17;
    internal const int TypeDatagram = 2;
    internal const int TypeRaw = 3;
    internal const int TypeCloseOnExec = 0x80000;
    internal const int LevelSocket = 1;
    internal const int LevelNetlink = 270;
    internal const int OptionReceiveTimeout = 20;
    internal const int OptionNetlinkCapAnswers = 10;
    internal const int OptionNetlinkAnswerAttributes = 11;
    internal const int MessageTruncated = 0x20;
    internal const short PollIn = 1;

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    internal static unsafe partial int Bind(int socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    internal static unsafe partial int SetSocketOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    internal static unsafe partial nint SendTo(int socket, byte* bytes, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport(Library, EntryPoint = "recvfrom", SetLastError = true)]
    internal static unsafe partial nint ReceiveFrom(int socket, byte* bytes, nuint length, int flags, byte* address, uint* addressLength);

    // struct pollfd: the descriptor, then the events asked for in the low half and those that came in the high half.
    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static unsafe partial int Poll(long* descriptor, nuint count, int milliseconds);
}
