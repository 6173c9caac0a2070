using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Capture.Interop;

/// <content>Calls for streams and the room on a filesystem.</content>
internal static partial class LibC
{
    internal const int PipeSize = 1031; // F_SETPIPE_SZ

    private const int FileSystemFactsSize = 256;
    private const int FragmentSize = 1; // f_frsize of struct statvfs, in words of 8 bytes
    private const int AvailableFragments = 4; // f_bavail

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(int descriptor, byte* bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int SetPipeSize(SafePipeHandle pipe, int command, int bytes);

    /// <summary>Bytes that an ordinary user may still write on the filesystem of a path; null when that cannot be known.</summary>
    internal static unsafe ulong? FreeBytes(string path)
    {
        // Safety: struct statvfs takes less than this on every 64-bit machine.
        ulong* facts = stackalloc ulong[FileSystemFactsSize / sizeof(ulong)];
        return StatFileSystem(path, facts) == 0 ? unchecked(facts[FragmentSize] * facts[AvailableFragments]) : null;
    }

    [LibraryImport(Library, EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatFileSystem(string path, ulong* facts);
}
