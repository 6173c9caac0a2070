namespace Lifeboat.Kexec.Images;

/// <summary>Where a Multiboot kernel that is no ELF file says it is to be loaded.</summary>
/// <param name="FieldOffset">Where the first of these fields lies in the file.</param>
/// <param name="Header">The address of the header itself (header_addr).</param>
/// <param name="Load">Where the first byte that is loaded goes (load_addr).</param>
/// <param name="LoadEnd">The end of what the file holds, 0 for the file's end (load_end_addr).</param>
/// <param name="BssEnd">The end of the zeroes after it, 0 for none (bss_end_addr).</param>
internal sealed record MultibootAddresses(int FieldOffset, uint Header, uint Load, uint LoadEnd, uint BssEnd);
