namespace Lifeboat.Capture.Manifest;

/// <summary>One tier of a capture, as the manifest tells it.</summary>
public sealed record ManifestTier
{
    /// <summary><c>log</c>, <c>report</c> (three files, a tier each) or <c>dump</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The file's name.</summary>
    public required string File { get; init; }

    /// <summary>What became of it.</summary>
    public TierStatus Status { get; init; }

    /// <summary>The file's bytes; null when there is no file.</summary>
    public long? Bytes { get; init; }

    /// <summary>The file's SHA-256 in hex; null when it was not computed.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The time from the tier's start until it was durable, or had failed.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it is not whole; null when it is.</summary>
    public string? Error { get; init; }
}
