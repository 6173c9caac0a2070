using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Cli.Interop;

/// <summary>Takes network interfaces down, so that no card writes into memory that another kernel is about to use.</summary>
internal static partial class NetworkInterfaces
{
    private const string Folder = "/sys/class/net";
    private const int InternetFamily = 2;
    private const int DatagramType = 2;
    private const nint GetFlags = 0x8913; // SIOCGIFFLAGS
    private const nint SetFlags = 0x8914; // SIOCSIFFLAGS
    private const ushort Up = 1; // IFF_UP
    private const int NameSize = 16;
    private const int RequestSize = 40; // struct ifreq

    /// <summary>Takes all down but the loopback.</summary>
    /// <exception cref="KernelInterfaceException">One stays up.</exception>
    public static void TakeDown()
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        int socket = Socket(InternetFamily, DatagramType, 0);
        if (socket < 0)
        {
            // A kernel without this family has no interface of it.
            return;
        }

        try
        {
            foreach (string path in Directory.EnumerateDirectories(Folder))
            {
                string name = Path.GetFileName(path);
                if (name != "lo" && Encoding.UTF8.GetByteCount(name) < NameSize)
                {
                    TakeDown(socket, name);
                }
            }
        }
        finally
        {
            _ = Close(socket);
        }
    }

    private static void TakeDown(int socket, string name)
    {
        byte[] request = new byte[RequestSize];
        Encoding.UTF8.GetBytes(name, request);
        Control(socket, GetFlags, request, name);
        Span<byte> flags = request.AsSpan(NameSize);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) & ~Up));
        Control(socket, SetFlags, request, name);
    }

    private static unsafe void Control(int socket, nint call, byte[] request, string name)
    {
        // Safety: the kernel reads and writes no more than a struct ifreq.
        fixed (byte* first = request)
        {
            if (IoControl(socket, call, first) < 0)
            {
                throw new KernelInterfaceException("taking an interface down", name, (Errno)Marshal.GetLastPInvokeError());
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int IoControl(int socket, nint call, byte* request);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int socket);
}
