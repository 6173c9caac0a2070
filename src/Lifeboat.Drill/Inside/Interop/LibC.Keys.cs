using System.Runtime.InteropServices;

namespace Lifeboat.Drill.Inside.Interop;

/// <content>The calls that hand secrets to the kernel.</content>
internal static partial class LibC
{
    internal const int SysAddKey = 248;
    internal const int UserKeyring = -4; // KEY_SPEC_USER_KEYRING
    internal const int FamilyAlgorithm = 38;
    internal const int SocketSequential = 5;
    internal const int SolAlgorithm = 279;
    internal const int AlgorithmSetKey = 1;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static unsafe partial nint AddKey(
        long number, string type, string description, byte* payload, nuint length, int keyring);
}
