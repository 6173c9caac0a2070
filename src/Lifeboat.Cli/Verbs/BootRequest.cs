namespace Lifeboat.Cli.Verbs;

/// <summary>A kernel to reboot into, wherever it was chosen.</summary>
/// <param name="Kernel">The path of the kernel's file.</param>
/// <param name="Ramdisks">The paths of its ramdisks, in order; none for the one that comes with the kernel, if any.</param>
/// <param name="CommandLine">Its command line.</param>
internal sealed record BootRequest(string Kernel, IReadOnlyList<string> Ramdisks, string CommandLine)
{
    /// <summary>What a Multiboot kernel is given: the path of each module, and what it is told, as one text.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Whether a bzImage is started at its 32-bit entry.</summary>
    public bool Entry32Bit { get; init; }

    /// <summary>Whether EFI is not handed on.</summary>
    public bool WithoutEfi { get; init; }
}
