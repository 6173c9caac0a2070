using Lifeboat.Capture.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Init;

/// <summary>Mounts, unmounts and syncs, by the system calls.</summary>
public static class FileSystemMount
{
    /// <summary>Mounts a filesystem; the folder must exist.</summary>
    /// <param name="source">The device, or the kind again for a filesystem of the kernel's.</param>
    /// <param name="folder">Where.</param>
    /// <param name="kind">The kind: <c>ext4</c>, <c>proc</c>.</param>
    /// <param name="options">How.</param>
    /// <param name="data">Options of the filesystem's own, as <c>mount -o</c> takes them; null for none.</param>
    /// <exception cref="KernelInterfaceException">The kernel refuses; the remedy says what that means here.</exception>
    public static void Mount(
        string source, string folder, string kind, MountOptions options = MountOptions.None, string? data = null)
    {
        if (LibC.Mount(source, folder, kind, (nuint)options, data) != 0)
        {
            Errno errno = LastErrno.Get();
            throw new KernelInterfaceException("mount", $"{source} on {folder} as {kind}", errno, Hint(errno, source, kind));
        }
    }

    /// <summary>Unmounts what is mounted on a folder.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refuses.</exception>
    public static void Unmount(string folder)
    {
        if (LibC.Unmount(folder, 0) != 0)
        {
            throw new KernelInterfaceException("umount", folder, LastErrno.Get());
        }
    }

    /// <summary>Takes what is mounted on a folder out of sight at once and ends what waits for its server; it goes when nobody uses it.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refuses.</exception>
    public static void Detach(string folder)
    {
        const int ForceAndDetach = 1 | 2;
        if (LibC.Unmount(folder, ForceAndDetach) != 0)
        {
            throw new KernelInterfaceException("umount", folder, LastErrno.Get());
        }
    }

    /// <summary>Makes the entries of a folder durable: names of new files, and renames.</summary>
    /// <exception cref="KernelInterfaceException">The folder cannot be opened, or the device fails.</exception>
    public static void SyncFolder(string folder) => FolderSync.Run(folder);

    /// <summary>Makes everything on the filesystem of a folder durable.</summary>
    /// <exception cref="KernelInterfaceException">The folder cannot be opened, or the device fails.</exception>
    public static void SyncFileSystem(string folder)
    {
        int descriptor = LibC.Open(folder, LibC.OpenReadOnly | LibC.OpenDirectory | LibC.OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw new KernelInterfaceException("open", folder, LastErrno.Get());
        }

        int result = LibC.SyncFileSystem(descriptor);
        Errno errno = LastErrno.Get();
        _ = LibC.Close(descriptor);
        if (result != 0)
        {
            throw new KernelInterfaceException("syncfs", folder, errno);
        }
    }

    /// <summary>What a refusal to mount means in a capture kernel; null when there is nothing to add.</summary>
    internal static string? Hint(Errno errno, string source, string kind) => errno switch
    {
        Errno.ENODEV => $"The kernel does not know {kind}: its module is not in the ramdisk or was not loaded; "
            + $"build the ramdisk with the module {kind}",
        Errno.ENOENT or Errno.ENXIO => $"{source} is not there: the module of the disk's driver may be missing, "
            + "or a module of the filesystem's (ext4 wants crc32c)",
        Errno.EINVAL => $"{source} holds no {kind} that this kernel can read; its log says more",
        Errno.EUCLEAN or Errno.EIO => $"The filesystem on {source} is damaged: check it (fsck) from another system",
        Errno.EROFS or Errno.EACCES => $"{source} cannot be written",
        Errno.EBUSY => $"{source} is mounted elsewhere already",
        Errno.EPERM => "Only root may mount",
        _ => null,
    };
}
