namespace Lifeboat.Kexec.Planning;

/// <summary>Flags of kexec_load (linux/kexec.h); the high 16 bits name the architecture.</summary>
[Flags]
public enum KexecLoadFlags : uint
{
    /// <summary>An image for kexec -e, of the native architecture.</summary>
    None = 0,

    /// <summary>An image for the crash (KEXEC_ON_CRASH).</summary>
    OnCrash = 0x1,

    /// <summary>The running kernel is kept and can be returned to (KEXEC_PRESERVE_CONTEXT).</summary>
    PreserveContext = 0x2,

    /// <summary>The kernel keeps the ELF core header up to date (KEXEC_UPDATE_ELFCOREHDR, 6.6 and later).</summary>
    UpdateElfCoreHeader = 0x4,

    /// <summary>x86-64 (KEXEC_ARCH_X86_64).</summary>
    ArchX8664 = 62u << 16,
}
