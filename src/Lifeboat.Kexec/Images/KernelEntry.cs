namespace Lifeboat.Kexec.Images;

/// <summary>The state that an image's first instruction wants the processor in, and what it is handed.</summary>
public enum KernelEntry
{
    /// <summary>64-bit mode, memory mapped one to one, rsi at boot_params (Linux's 64-bit boot protocol).</summary>
    Linux64,

    /// <summary>32-bit protected mode without paging, esi at boot_params (Linux's 32-bit boot protocol).</summary>
    Linux32,

    /// <summary>32-bit protected mode without paging, eax 0x2badb002, ebx at the Multiboot information.</summary>
    Multiboot1,

    /// <summary>32-bit protected mode without paging, eax 0x36d76289, ebx at the Multiboot2 information.</summary>
    Multiboot2,
}
