namespace Lifeboat.Kexec.Images;

/// <summary>What a kernel can do when it is loaded (setup_header.xloadflags).</summary>
[Flags]
internal enum SetupExtendedLoadFlags : ushort
{
    None = 0,

    /// <summary>There is a 64-bit entry at 0x200 of the protected-mode code (XLF_KERNEL_64).</summary>
    Kernel64 = 0x01,

    /// <summary>Kernel, boot_params, command line and ramdisk may lie above 4 GiB (XLF_CAN_BE_LOADED_ABOVE_4G).</summary>
    CanBeLoadedAbove4G = 0x02,

    /// <summary>XLF_EFI_HANDOVER_32.</summary>
    EfiHandover32 = 0x04,

    /// <summary>XLF_EFI_HANDOVER_64.</summary>
    EfiHandover64 = 0x08,

    /// <summary>XLF_EFI_KEXEC.</summary>
    EfiKexec = 0x10,

    /// <summary>The entry copes with five-level page tables being on (XLF_5LEVEL).</summary>
    FiveLevel = 0x20,

    /// <summary>XLF_5LEVEL_ENABLED.</summary>
    FiveLevelEnabled = 0x40,
}
