using System.Runtime.InteropServices;

namespace Lifeboat.Kexec.Tests.Support.Unicorn;

/// <summary>The few functions of libunicorn that the tests use.</summary>
internal static partial class UnicornLibrary
{
    internal const int ArchX86 = 4;
    internal const int Mode64 = 8;
    internal const int ProtectionAll = 7;
    internal const int HookInstruction = 2;
    internal const int InstructionIn = 218;
    internal const int InstructionOut = 500;

    private const string Library = "libunicorn.so.2";

    internal static bool IsPresent => NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library, EntryPoint = "uc_open")]
    internal static partial int Open(int architecture, int mode, out nint engine);

    [LibraryImport(Library, EntryPoint = "uc_close")]
    internal static partial int Close(nint engine);

    [LibraryImport(Library, EntryPoint = "uc_mem_map")]
    internal static partial int MapMemory(nint engine, ulong address, nuint size, uint protection);

    [LibraryImport(Library, EntryPoint = "uc_mem_write")]
    internal static unsafe partial int WriteMemory(nint engine, ulong address, byte* bytes, nuint size);

    [LibraryImport(Library, EntryPoint = "uc_mem_read")]
    internal static unsafe partial int ReadMemory(nint engine, ulong address, byte* bytes, nuint size);

    [LibraryImport(Library, EntryPoint = "uc_reg_read")]
    internal static partial int ReadRegister(nint engine, int register, out ulong value);

    [LibraryImport(Library, EntryPoint = "uc_reg_write")]
    internal static partial int WriteRegister(nint engine, int register, in ulong value);

    [LibraryImport(Library, EntryPoint = "uc_emu_start")]
    internal static partial int Start(nint engine, ulong begin, ulong until, ulong timeoutMicroseconds, nuint count);

    [LibraryImport(Library, EntryPoint = "uc_emu_stop")]
    internal static partial int Stop(nint engine);

    // The function is variadic; on x86-64 whole numbers beyond the sixth are passed the same way to both kinds.
    [LibraryImport(Library, EntryPoint = "uc_hook_add")]
    internal static partial int AddHook(
        nint engine, out nint hook, int type, nint callback, nint userData, ulong begin, ulong end, int instruction);
}
