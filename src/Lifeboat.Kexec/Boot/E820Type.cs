namespace Lifeboat.Kexec.Boot;

/// <summary>What a range of the firmware's memory map is (enum e820_type).</summary>
public enum E820Type
{
    /// <summary>Memory the kernel may use.</summary>
    Ram = 1,

    /// <summary>Memory the kernel must leave alone.</summary>
    Reserved = 2,

    /// <summary>ACPI tables; usable once they are read.</summary>
    Acpi = 3,

    /// <summary>ACPI's non-volatile storage.</summary>
    Nvs = 4,

    /// <summary>Memory with errors.</summary>
    Unusable = 5,

    /// <summary>Persistent memory.</summary>
    PersistentMemory = 7,

    /// <summary>Persistent memory as machines told it before there was a standard (type 12).</summary>
    LegacyPersistentMemory = 12,

    /// <summary>Memory for a driver of its own to use, by EFI's word (E820_TYPE_SOFT_RESERVED).</summary>
    SoftReserved = unchecked((int)0xefffffff),
}
