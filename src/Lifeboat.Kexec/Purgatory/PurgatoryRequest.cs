using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>What purgatory is made for: where it will lie, what it checks, and what it starts.</summary>
/// <param name="Base">Its own place; below 4 GiB for an entry in 32-bit mode.</param>
/// <param name="KernelEntry">The kernel's first instruction.</param>
/// <param name="BootParameters">What the kernel gets in rsi (ebx for Multiboot).</param>
/// <param name="Segments">The segments to check, with the number each has in the plan.</param>
internal sealed record PurgatoryRequest(
    PhysicalAddress Base,
    PhysicalAddress KernelEntry,
    PhysicalAddress BootParameters,
    IReadOnlyList<NumberedSegment> Segments)
{
    /// <summary>The state the kernel is entered in.</summary>
    internal KernelEntry Entry { get; init; } = Images.KernelEntry.Linux64;

    /// <summary>What starts it, for the messages.</summary>
    internal LoadPurpose Purpose { get; init; } = LoadPurpose.Crash;

    /// <summary>What else it does.</summary>
    internal PurgatoryOptions Options { get; init; } = new();

    /// <summary>
    /// Where the address to return to is written as 16 hex digits; null when the running kernel is not returned to.
    /// </summary>
    internal PhysicalAddress? JumpBackDigits { get; init; }
}
