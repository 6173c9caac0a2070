using System.Globalization;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Status;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Kexec.Reservation;

/// <summary>Gives reserved memory back to the running kernel; it comes back at the next boot only.</summary>
public static class ReservationShrink
{
    private const string NewFile = "sys/kernel/kexec/crash_size";
    private const string OldFile = "sys/kernel/kexec_crash_size";

    /// <summary>Leaves <paramref name="size"/> reserved, and gives back what is above; whole pages.</summary>
    /// <returns>What is reserved then.</returns>
    /// <exception cref="DiagnosticException">An image is loaded, or less is reserved already.</exception>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    public static ByteCount To(ByteCount size, string root = "/")
    {
        var tree = new SystemTree(root);
        KexecStatus status = KexecStatusReader.Read(tree);
        if (status.CrashImageLoaded == true)
        {
            throw Refused("A crash image is loaded into the reservation", "/sys/kernel/kexec_crash_loaded", "1",
                "Run lifeboat disarm, shrink, and arm again");
        }

        if (status.ReservationSize is not { } before || before < size)
        {
            throw Refused("A reservation can only become smaller", "/sys/kernel/kexec_crash_size",
                status.ReservationSize is { } now ? $"{now} reserved, {size} asked for" : "no reservation that the kernel tells of",
                "Boot with a larger crashkernel=");
        }

        string file = File.Exists(tree.PathOf(NewFile)) ? NewFile : OldFile;
        Write(tree.PathOf(file), $"/{file}", size);
        return KexecStatusReader.Read(tree).ReservationSize ?? size;
    }

    private static void Write(string path, string name, ByteCount size)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(handle, Encoding.ASCII.GetBytes(size.Value.ToString(CultureInfo.InvariantCulture)), 0);
        }
        catch (UnauthorizedAccessException)
        {
            throw new KernelInterfaceException("write", name, Errno.EACCES, "Run it as root");
        }
        catch (FileNotFoundException)
        {
            throw new KernelInterfaceException("shrink", name, Errno.ENOENT,
                "An image was loaded for the crash at this moment: run lifeboat disarm first");
        }
        catch (IOException exception)
        {
            var errno = (Errno)exception.HResult;
            throw new KernelInterfaceException("shrink", name, errno, errno switch
            {
                Errno.EBUSY => "Another program is loading or unloading an image at this moment: try again",
                Errno.EINVAL => "The kernel finds the size larger than what is reserved, or no size",
                _ => null,
            });
        }
    }

    private static DiagnosticException Refused(string what, string where, string found, string remedy) =>
        new(new Diagnostic(KexecDiagnostics.CannotShrink, what) { Where = where, Found = found, Remedy = remedy });
}
