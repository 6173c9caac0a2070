using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>A lock between processes (flock); the kernel lets go of it when its holder ends, however it ends.</summary>
internal static partial class FileLock
{
    private const int Exclusive = 2;
    private const int OpenFlags = 0x2 | 0x40 | 0x80000;   // O_RDWR, O_CREAT, O_CLOEXEC
    private const int OwnerOnly = 0x180;

    /// <summary>Waits until the file is locked by this process alone; closing the handle unlocks it.</summary>
    /// <exception cref="KernelInterfaceException">The file cannot be made, or not be locked.</exception>
    internal static SafeFileHandle Take(string path)
    {
        // Not by File.OpenHandle: that takes a shared lock first, and fails at once where another process has the exclusive one.
        SafeFileHandle file = Open(path, OpenFlags, OwnerOnly);
        if (file.IsInvalid)
        {
            throw new KernelInterfaceException("open", path, (Errno)Marshal.GetLastPInvokeError());
        }

        while (Flock((int)file.DangerousGetHandle(), Exclusive) != 0)
        {
            var errno = (Errno)Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR)
            {
                file.Dispose();
                throw new KernelInterfaceException("flock", path, errno);
            }
        }

        return file;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int descriptor, int operation);
}
