namespace Lifeboat.Kexec.Boot;

/// <summary>The kernel's names of memory types, in /proc/iomem and /sys/firmware/memmap (e820_type_to_string()).</summary>
internal static class E820Names
{
    internal const string Ram = "System RAM";

    /// <summary>What the firmware keeps, in the order of what matters most.</summary>
    internal static readonly string[] Firmware =
    [
        "ACPI Tables", "ACPI Non-volatile Storage", "Reserved", "Unusable memory", "Persistent Memory", "Persistent Memory (legacy)",
        "Soft Reserved",
    ];

    /// <summary>The type of a name; what is not known is reserved.</summary>
    internal static E820Type TypeOf(string name) => name switch
    {
        Ram => E820Type.Ram,
        "ACPI Tables" => E820Type.Acpi,
        "ACPI Non-volatile Storage" => E820Type.Nvs,
        "Unusable memory" => E820Type.Unusable,
        "Persistent Memory" => E820Type.PersistentMemory,
        "Persistent Memory (legacy)" => E820Type.LegacyPersistentMemory,
        "Soft Reserved" => E820Type.SoftReserved,
        _ => E820Type.Reserved,
    };
}
