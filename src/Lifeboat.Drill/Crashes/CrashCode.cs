namespace Lifeboat.Drill.Crashes;

/// <summary>The machine code of the module that crashes: a function for each way, none of which touches the stack.</summary>
internal static class CrashCode
{
    internal const string Null = "lifeboat_write_null";
    internal const string Wild = "lifeboat_read_wild";
    internal const string Bug = "lifeboat_bug";
    internal const string Divide = "lifeboat_divide";
    internal const string Lock = "lifeboat_lock_twice";

    /// <summary>The kernel's function that <see cref="Lock"/> calls.</summary>
    internal const string SpinLock = "_raw_spin_lock";

    /// <summary>Where in <see cref="Lock"/> the distances of the lock and of <see cref="SpinLock"/> stand.</summary>
    internal static ReadOnlySpan<int> LockPlaces => [3, 15];

    /// <summary>See <see cref="LockPlaces"/>.</summary>
    internal static ReadOnlySpan<int> SpinLockPlaces => [8, 20];

    internal static ReadOnlySpan<byte> Of(string function) => function switch
    {
        // xor eax,eax; mov dword [rax+10h],1; ret
        Null => [0x31, 0xC0, 0xC7, 0x40, 0x10, 1, 0, 0, 0, 0xC3],

        // mov rax,6b6b6b6b6b6b6b6bh, with which the kernel overwrites what is freed; mov rax,[rax]; ret
        Wild => [0x48, 0xB8, 0x6B, 0x6B, 0x6B, 0x6B, 0x6B, 0x6B, 0x6B, 0x6B, 0x48, 0x8B, 0x00, 0xC3],

        // ud2
        Bug => [0x0F, 0x0B],

        // xor ecx,ecx; xor edx,edx; mov eax,1; div ecx; ret
        Divide => [0x31, 0xC9, 0x31, 0xD2, 0xB8, 1, 0, 0, 0, 0xF7, 0xF1, 0xC3],

        // Twice: lea rdi,[lock]; call _raw_spin_lock. Then ret.
        Lock =>
        [
            0x48, 0x8D, 0x3D, 0, 0, 0, 0, 0xE8, 0, 0, 0, 0,
            0x48, 0x8D, 0x3D, 0, 0, 0, 0, 0xE8, 0, 0, 0, 0, 0xC3,
        ],
        _ => throw new ArgumentException($"there is no function {function}", nameof(function)),
    };
}
