using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>What purgatory is made for: where it will lie, what it checks, and what it starts.</summary>
/// <param name="Base">Its own place.</param>
/// <param name="KernelEntry">The kernel's 64-bit entry.</param>
/// <param name="BootParameters">What the kernel gets in rsi.</param>
/// <param name="Segments">All segments of the plan but itself, with the number each has in the plan.</param>
internal sealed record PurgatoryRequest(
    PhysicalAddress Base,
    PhysicalAddress KernelEntry,
    PhysicalAddress BootParameters,
    IReadOnlyList<NumberedSegment> Segments);
