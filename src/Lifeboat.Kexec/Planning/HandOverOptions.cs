namespace Lifeboat.Kexec.Planning;

/// <summary>What the next kernel is told of the machine, and how.</summary>
public sealed record HandOverOptions
{
    /// <summary>Whether EFI is left out (kexec --noefi): the next kernel then has no runtime services.</summary>
    public bool WithoutEfi { get; init; }

    /// <summary>
    /// Whether a capture kernel gets its memory map as <c>memmap=</c> on the command line (kexec --pass-memmap-cmdline) beside the
    /// machine's whole map, instead of as the map itself.
    /// </summary>
    public bool MemoryMapOnCommandLine { get; init; }

    /// <summary>
    /// A seed for the next kernel's random numbers, 32 bytes that nobody else knows; empty for none. The kernel's own loader gives
    /// one to capture kernels too.
    /// </summary>
    public ReadOnlyMemory<byte> RandomSeed { get; init; }

    /// <summary>A flattened device tree; empty for none.</summary>
    public ReadOnlyMemory<byte> DeviceTree { get; init; }
}
