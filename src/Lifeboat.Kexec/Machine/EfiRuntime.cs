namespace Lifeboat.Kexec.Machine;

/// <summary>
/// EFI's runtime services as the running kernel uses them. EFI lets their virtual addresses be set once only, so the next kernel
/// must map them where this one did.
/// </summary>
/// <param name="Info">The running kernel's efi_info (32 bytes of boot_params): where the system table is, and its kind.</param>
/// <param name="SecureBoot">The running kernel's word for Secure Boot (boot_params.secure_boot).</param>
/// <param name="Vendor">Where the firmware's name lies (fw_vendor).</param>
/// <param name="Runtime">Where the table of services lies; 0 on kernels that do not say it, as newer ones do not need it.</param>
/// <param name="Tables">Where the configuration tables lie.</param>
/// <param name="Smbios">Where the SMBIOS entry point lies; 0 for none.</param>
/// <param name="Map">The memory of the services, by the numbers of /sys/firmware/efi/runtime-map.</param>
public sealed record EfiRuntime(
    ReadOnlyMemory<byte> Info, byte SecureBoot, FirmwarePointer Vendor, FirmwarePointer Runtime, FirmwarePointer Tables,
    FirmwarePointer Smbios, IReadOnlyList<EfiMemoryDescriptor> Map);
