namespace Lifeboat.Kexec.Planning;

/// <summary>Flags of kexec_file_load (linux/kexec.h). A kernel that does not know one answers EINVAL.</summary>
[Flags]
public enum FileLoadFlags : uint
{
    /// <summary>An image for kexec -e, with a ramdisk.</summary>
    None = 0,

    /// <summary>Take back what is loaded (KEXEC_FILE_UNLOAD).</summary>
    Unload = 0x1,

    /// <summary>An image for the crash (KEXEC_FILE_ON_CRASH).</summary>
    OnCrash = 0x2,

    /// <summary>There is no ramdisk (KEXEC_FILE_NO_INITRAMFS).</summary>
    NoRamdisk = 0x4,

    /// <summary>The kernel logs what it does (KEXEC_FILE_DEBUG, Linux 6.8).</summary>
    Debug = 0x8,

    /// <summary>The segments are not put into CMA (KEXEC_FILE_NO_CMA, Linux 6.17).</summary>
    NoCma = 0x10,

    /// <summary>The device tree goes to the next kernel even where ACPI is used (KEXEC_FILE_FORCE_DTB).</summary>
    ForceDeviceTree = 0x20,
}
