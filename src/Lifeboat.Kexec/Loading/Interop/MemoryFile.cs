using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>Files without a name that live in memory (memfd_create): what a call takes as a file and no file holds.</summary>
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 1;

    /// <summary>Makes one that holds <paramref name="content"/>.</summary>
    /// <exception cref="KernelInterfaceException">The kernel has no memory for it.</exception>
    internal static SafeFileHandle Create(string name, ReadOnlySpan<byte> content)
    {
        int descriptor = MemfdCreate(name, CloseOnExec);
        if (descriptor < 0)
        {
            throw new KernelInterfaceException("memfd_create", name, (Errno)Marshal.GetLastPInvokeError());
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            RandomAccess.Write(file, content, 0);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}
