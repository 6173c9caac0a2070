using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Core.Linux.Interop;

/// <summary>The C library's calls on files and mappings.</summary>
internal static partial class LibcFile
{
    internal const int OpenReadOnly = 0;
    internal const int OpenReadWrite = 2;
    internal const int OpenCreate = 0x40;
    internal const int OpenExclusive = 0x80; // without O_CREAT: a block device that nothing else uses
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
    internal const int CurrentFolder = -100; // AT_FDCWD
    internal const uint WantType = 1; // STATX_TYPE
    internal const int StatxSize = 256;
    internal const int StatxMode = 28; // stx_mode, alike on all machines
    internal const int TypeMask = 0xf000; // S_IFMT
    internal const int OrdinaryFile = 0x8000; // S_IFREG

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

    /// <summary>Facts of the file that a path leads to (<c>struct statx</c>).</summary>
    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial int StatExtended(int folder, string path, int flags, uint mask, byte* facts);

    /// <summary>Whether a path leads to an ordinary file; null when it leads to nothing.</summary>
    internal static unsafe bool? IsOrdinaryFile(string path)
    {
        // Safety: the kernel writes a struct statx, of which the size is fixed, and nothing beyond.
        byte* facts = stackalloc byte[StatxSize];
        return StatExtended(CurrentFolder, path, 0, WantType, facts) != 0
            ? null
            : (*(ushort*)(facts + StatxMode) & TypeMask) == OrdinaryFile;
    }

    /// <summary>The error number of the last call on this thread.</summary>
    internal static Errno LastError() => (Errno)Marshal.GetLastPInvokeError();
}
