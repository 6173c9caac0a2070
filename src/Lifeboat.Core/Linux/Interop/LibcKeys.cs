using System.Runtime.InteropServices;

namespace Lifeboat.Core.Linux.Interop;

/// <summary>The kernel's call on keyrings, for which the C library has no function.</summary>
internal static partial class LibcKeys
{
    internal const int Link = 8; // KEYCTL_LINK
    internal const int Search = 10; // KEYCTL_SEARCH
    internal const int ProcessKeyring = -2;
    internal const int UserKeyring = -4;

    internal static nint KeyControl => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 219 : 250;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Call(nint number, nint operation, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Call(nint number, nint operation, nint keyring, string type, string description, nint destination);
}
