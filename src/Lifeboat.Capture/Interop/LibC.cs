using System.Runtime.InteropServices;

namespace Lifeboat.Capture.Interop;

/// <summary>The system calls of process 1.</summary>
internal static partial class LibC
{
    internal const int OpenReadOnly = 0;
    internal const int OpenReadWrite = 2;
    internal const int OpenNoTerminal = 0x100;
    internal const int OpenDirectory = 0x10000;
    internal const int OpenCloseOnExec = 0x80000;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Mount(string source, string target, string type, nuint flags, string? data);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unmount(string target, int flags);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MakeDirectory(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    internal static partial int SyncFileSystem(int descriptor);

    [LibraryImport(Library, EntryPoint = "sync")]
    internal static partial void Sync();

    [LibraryImport(Library, EntryPoint = "reboot", SetLastError = true)]
    internal static partial int Reboot(int command);

    // glibc has no wrapper for finit_module.
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint LoadModule(nint number, int descriptor, string parameters, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(int descriptor, byte* bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "tcdrain", SetLastError = true)]
    internal static partial int DrainTerminal(int descriptor);
}
