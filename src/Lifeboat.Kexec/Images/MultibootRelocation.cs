namespace Lifeboat.Kexec.Images;

/// <summary>Where a Multiboot2 kernel says it may be moved to.</summary>
/// <param name="Lowest">The lowest address (min_addr).</param>
/// <param name="Highest">The highest address of its end (max_addr).</param>
/// <param name="Alignment">What its start must be a multiple of (align).</param>
internal sealed record MultibootRelocation(uint Lowest, uint Highest, uint Alignment);
