namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>A file out of a console block.</summary>
public sealed class ConsoleBlockFile
{
    /// <summary>Its name: letters, digits, dots, dashes and underscores only.</summary>
    public required string Name { get; init; }

    /// <summary>What there is of it; where something was lost in between, a line says so.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The bytes it had on the crashed machine; null when that was lost.</summary>
    public long? OriginalBytes { get; init; }

    /// <summary>The bytes that the block says it has of it; null when that was lost.</summary>
    public long? SentBytes { get; init; }

    /// <summary>The bytes of it that were found.</summary>
    public long FoundBytes { get; init; }

    /// <summary>Whether everything that was sent is there, and its SHA-256 is the one that was sent with it.</summary>
    public bool IsIntact { get; init; }
}
