namespace Lifeboat.Kexec.Boot;

/// <summary>What an item of the list at setup_header.setup_data tells (enum of struct setup_data).</summary>
internal enum SetupDataType : uint
{
    /// <summary>Ranges of the memory map beyond what boot_params has room for (SETUP_E820_EXT).</summary>
    MemoryMap = 1,

    /// <summary>A flattened device tree (SETUP_DTB).</summary>
    DeviceTree = 2,

    /// <summary>Tables of EFI that can be found only once (SETUP_EFI, struct efi_setup_data).</summary>
    Efi = 4,

    /// <summary>A seed of random numbers (SETUP_RNG_SEED).</summary>
    RandomSeed = 9,
}
