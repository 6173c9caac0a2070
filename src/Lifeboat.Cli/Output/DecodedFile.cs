using Lifeboat.Capture.ConsoleBlocks;

namespace Lifeboat.Cli.Output;

/// <summary>A file of a block, in the JSON document of <c>decode-console</c>.</summary>
internal sealed class DecodedFile(ConsoleBlockFile file, string? path)
{
    /// <summary>Its name.</summary>
    public string Name => file.Name;

    /// <summary>Where it was written; left out when it was not.</summary>
    public string? Path => path;

    /// <summary>The bytes it had on the crashed machine.</summary>
    public long? OriginalBytes => file.OriginalBytes;

    /// <summary>The bytes of it that were sent.</summary>
    public long? SentBytes => file.SentBytes;

    /// <summary>The bytes of it that were found.</summary>
    public long FoundBytes => file.FoundBytes;

    /// <summary>Whether all that was sent is there, by its SHA-256.</summary>
    public bool Intact => file.IsIntact;
}
