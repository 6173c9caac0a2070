namespace Lifeboat.Capture.Streams;

/// <summary>A file of a crash stream that was laid down.</summary>
/// <param name="name">Its name in the stream.</param>
/// <param name="storedAs">Its name in the folder.</param>
public sealed class UnpackedFile(string name, string storedAs)
{
    /// <summary>Its name in the stream.</summary>
    public string Name => name;

    /// <summary>Its name in the folder.</summary>
    public string StoredAs => storedAs;

    /// <summary>Its bytes as it lies in the folder.</summary>
    public long Bytes { get; init; }

    /// <summary>The SHA-256 in hex of what lies in the folder; null when it is not whole.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Why it is not whole; null when it is.</summary>
    public string? Problem { get; init; }
}
