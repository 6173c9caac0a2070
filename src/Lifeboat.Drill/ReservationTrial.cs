using Lifeboat.Core.Memory;

namespace Lifeboat.Drill;

/// <summary>One drill of a search for the smallest reservation.</summary>
/// <param name="Size">The reservation.</param>
/// <param name="Available">The least memory that was available in the capture kernel; null when it did not get to say.</param>
/// <param name="Failure">Why it failed; null when it captured.</param>
public sealed record ReservationTrial(ByteCount Size, ByteCount? Available, DrillFailure? Failure)
{
    /// <summary>The release of the kernel that was rehearsed with; null when the drill did not get as far.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>Bytes of the capture ramdisk, packed.</summary>
    public ByteCount RamdiskSize { get; init; }
}
