using System.Runtime.InteropServices;

namespace Lifeboat.Drill.Inside.Interop;

/// <summary>Sockets with addresses.</summary>
internal static partial class LibC
{
    internal const int FamilyInternet = 2;
    internal const int FamilyInternet6 = 10;
    internal const int SocketDatagram = 2;
    internal const ulong SetInterfaceFlags = 0x8914; // SIOCSIFFLAGS
    internal const short InterfaceUp = 0x1; // IFF_UP

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    internal static unsafe partial int Bind(int socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static unsafe partial int Connect(int socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    internal static partial int Listen(int socket, int backlog);

    [LibraryImport(Library, EntryPoint = "accept", SetLastError = true)]
    internal static partial int Accept(int socket, nint address, nint length);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static unsafe partial int IoControl(int descriptor, ulong request, byte* argument);
}
