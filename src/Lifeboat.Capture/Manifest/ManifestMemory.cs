namespace Lifeboat.Capture.Manifest;

/// <summary>The memory that a capture took, in bytes; null where the kernel did not say.</summary>
public sealed record ManifestMemory
{
    /// <summary>The most that the process had resident (VmHWM).</summary>
    public long? PeakResidentBytes { get; init; }

    /// <summary>The memory of the kernel it ran on (MemTotal).</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The least that was seen to be available (MemAvailable).</summary>
    public long? LowestAvailableBytes { get; init; }
}
