using System.Runtime.InteropServices;

namespace Lifeboat.Drill.Inside.Interop;

/// <summary>What else a process can wait for: System V's messages and semaphores, timers, children.</summary>
internal static partial class LibC
{
    internal const int SysFork = 57;
    internal const int SysVfork = 58;
    internal const int SignalStop = 19;
    internal const int IpcPrivate = 0;
    internal const int IpcCreateForOwner = 0x380; // IPC_CREAT | 0600
    internal const int ClockMonotonic = 1;

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static unsafe partial int Poll(long* files, ulong count, int timeout);

    [LibraryImport(Library, EntryPoint = "pause", SetLastError = true)]
    internal static partial int Pause();

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport(Library, EntryPoint = "_exit")]
    internal static partial void Exit(int code);

    /// <summary>fork and vfork, without what glibc does around them: the child runs nothing but system calls.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Call(long number);

    /// <summary>A system call with four arguments, whatever they are.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Call(long number, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "shmget", SetLastError = true)]
    internal static partial int SharedMemoryGet(int key, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "shmat", SetLastError = true)]
    internal static partial nint SharedMemoryAttach(int identifier, nint address, int flags);

    [LibraryImport(Library, EntryPoint = "semget", SetLastError = true)]
    internal static partial int SemaphoreGet(int key, int count, int flags);

    [LibraryImport(Library, EntryPoint = "semop", SetLastError = true)]
    internal static unsafe partial int SemaphoreDo(int identifier, short* operations, nuint count);

    [LibraryImport(Library, EntryPoint = "msgget", SetLastError = true)]
    internal static partial int MessageGet(int key, int flags);

    [LibraryImport(Library, EntryPoint = "msgsnd", SetLastError = true)]
    internal static unsafe partial int MessageSend(int identifier, long* message, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "msgrcv", SetLastError = true)]
    internal static unsafe partial nint MessageReceive(int identifier, long* message, nuint size, long type, int flags);

    [LibraryImport(Library, EntryPoint = "timerfd_create", SetLastError = true)]
    internal static partial int TimerCreate(int clock, int flags);

    [LibraryImport(Library, EntryPoint = "timerfd_settime", SetLastError = true)]
    internal static unsafe partial int TimerSet(int descriptor, int flags, long* value, long* old);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventCreate(uint value, int flags);

    [LibraryImport(Library, EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial int NotifyCreate(int flags);

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MemoryFileCreate(string name, uint flags);

    [LibraryImport(Library, EntryPoint = "swapon", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SwapOn(string path, int flags);
}
