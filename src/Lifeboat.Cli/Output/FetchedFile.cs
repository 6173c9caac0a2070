using Lifeboat.Capture.Streams;

namespace Lifeboat.Cli.Output;

/// <summary>A file that was taken off a device, in the JSON document of <c>fetch-raw</c>.</summary>
internal sealed class FetchedFile(UnpackedFile file)
{
    /// <summary>Its name.</summary>
    public string Name => file.StoredAs;

    /// <summary>Its bytes.</summary>
    public long Bytes => file.Bytes;

    /// <summary>Its SHA-256; left out when it is not whole.</summary>
    public string? Sha256 => file.Sha256;

    /// <summary>Why it is not whole; left out when it is.</summary>
    public string? Problem => file.Problem;
}
