using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Core.Linux.Interop;

/// <summary>The C library's calls on files and mappings.</summary>
internal static partial class LibcFile
{
    internal const int OpenReadOnly = 0;
    internal const int OpenReadWrite = 2;
    internal const int OpenCreate = 0x40;
    internal const int OpenTruncate = 0x200;
    internal const int OpenCloseOnExec = 0x80000;
    internal const int SeekEnd = 2;
    internal const int ProtectionRead = 1;
    internal const int MapPrivate = 2;
    internal const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC

    internal const int Random = 1; // MADV_RANDOM
    internal const int PopulateRead = 22; // MADV_POPULATE_READ, since Linux 5.14
    internal const long TmpfsMagic = 0x01021994;
    internal const long ProcMagic = 0x9fa0;
    internal const int StatfsSize = 120;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeFileHandle Open(string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial SafeFileHandle Duplicate(SafeFileHandle file, int command, int lowest);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
    internal static unsafe partial nint ReadAt(SafeFileHandle file, byte* target, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    internal static unsafe partial nint WriteAt(SafeFileHandle file, byte* source, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    internal static unsafe partial void* Map(
        void* address, nuint length, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    internal static unsafe partial int Unmap(void* address, nuint length);

    [LibraryImport(Library, EntryPoint = "madvise", SetLastError = true)]
    internal static unsafe partial int Advise(void* address, nuint length, int advice);

    /// <summary>Facts of a file's filesystem (<c>struct statfs</c>), of which the first eight bytes are its kind.</summary>
    [LibraryImport(Library, EntryPoint = "fstatfs", SetLastError = true)]
    internal static unsafe partial int StatFileSystem(SafeFileHandle file, long* facts);

    /// <summary>The error number of the last call on this thread.</summary>
    internal static Errno LastError() => (Errno)Marshal.GetLastPInvokeError();
}
