using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Core.Linux;

/// <summary>Makes the entries of a folder durable: names of new files, and renames.</summary>
public static class FolderSync
{
    /// <summary>Puts the folder's entries on stable storage.</summary>
    /// <exception cref="KernelInterfaceException">The folder cannot be opened, or the device fails.</exception>
    public static void Run(string folder)
    {
        using SafeFileHandle handle = LibcFile.Open(folder, LibcFile.OpenReadOnly | LibcFile.OpenCloseOnExec, 0);
        if (handle.IsInvalid)
        {
            throw new KernelInterfaceException("open", folder, LibcFile.LastError());
        }

        // Some filesystems, FAT over FUSE among them, have no such thing for a folder.
        if (LibcFile.Sync(handle) != 0 && LibcFile.LastError() is var errno and not Errno.EINVAL)
        {
            throw new KernelInterfaceException("fsync", folder, errno);
        }
    }
}
