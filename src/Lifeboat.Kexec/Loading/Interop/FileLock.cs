using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>A lock between processes (flock); the kernel lets go of it when its holder ends, however it ends.</summary>
internal static partial class FileLock
{
    private const int Exclusive = 2;

    /// <summary>Waits until the file is locked by this process alone; closing the handle unlocks it.</summary>
    /// <exception cref="KernelInterfaceException">It cannot be locked.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    internal static SafeFileHandle Take(string path)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
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

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int descriptor, int operation);
}
