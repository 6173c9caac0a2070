using System.Runtime.InteropServices;
using Lifeboat.Core.Linux;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>What a jump into another kernel takes of the C library.</summary>
internal static partial class MachineCalls
{
    private const int RebootKexec = 0x45584543; // LINUX_REBOOT_CMD_KEXEC
    private const uint NonBlocking = 1; // GRND_NONBLOCK

    /// <summary>Writes what is in memory to disks.</summary>
    internal static void Sync() => NativeSync();

    /// <summary>Starts the loaded image; comes back only with an error.</summary>
    internal static Errno StartLoadedImage()
    {
        _ = NativeReboot(RebootKexec);
        return (Errno)Marshal.GetLastPInvokeError();
    }

    /// <summary>Random bytes; false when the kernel has none yet that are worth the name.</summary>
    internal static unsafe bool TryGetRandom(Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            // Safety: the call writes as many bytes as it is told to.
            return NativeGetRandom((nint)first, (nuint)bytes.Length, NonBlocking) == bytes.Length;
        }
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void NativeSync();

    [LibraryImport("libc", EntryPoint = "reboot", SetLastError = true)]
    private static partial int NativeReboot(int command);

    [LibraryImport("libc", EntryPoint = "getrandom")]
    private static partial nint NativeGetRandom(nint buffer, nuint size, uint flags);
}
