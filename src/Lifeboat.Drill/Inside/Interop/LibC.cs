using System.Runtime.InteropServices;

namespace Lifeboat.Drill.Inside.Interop;

/// <summary>The system calls that the guest's workload needs and the runtime does not offer.</summary>
internal static partial class LibC
{
    internal const int ProtReadWrite = 3;
    internal const int ProtRead = 1;
    internal const int MapShared = 1;
    internal const int MapPrivateAnonymous = 0x22;
    internal const int MapPopulate = 0x8000;
    internal const int MapAnonymous = 0x20;
    internal const int MapHuge = 0x40000;
    internal const int PrSetName = 15;
    internal const int SysFutex = 202;
    internal const int LockExclusive = 2;
    internal const int FamilyUnix = 1;
    internal const int FamilyPacket = 17;
    internal const int SocketStream = 1;
    internal const int SocketRaw = 3;
    internal const int SolPacket = 263;
    internal const int PacketReceiveRing = 5;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint MapMemory(nint address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport(Library, EntryPoint = "sched_setaffinity", SetLastError = true)]
    internal static unsafe partial int SetAffinity(int thread, nuint size, ulong* cpus);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "pipe", SetLastError = true)]
    internal static unsafe partial int Pipe(int* descriptors);

    [LibraryImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    internal static unsafe partial int SocketPair(int family, int type, int protocol, int* descriptors);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    internal static unsafe partial int SetSocketOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    internal static unsafe partial int EpollWait(int descriptor, byte* events, int maxEvents, int timeout);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(int descriptor, int operation);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int DeviceControl(int descriptor, nint request, nint argument);

    [LibraryImport(Library, EntryPoint = "nanosleep", SetLastError = true)]
    internal static unsafe partial int NanoSleep(long* request, long* remaining);

    [LibraryImport(Library, EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int Fallocate(int descriptor, int mode, long offset, long length);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Prctl(int option, string name);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static unsafe partial nint Futex(long number, uint* word, int operation, uint value, nint timeout, nint word2, uint value3);
}
