using System.Text.Json;

namespace Lifeboat.Cli.Output;

/// <summary>A file that was sealed or opened, or a key that was made, as a JSON document (docs/json.md).</summary>
internal sealed record SealDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The file that was written.</summary>
    public required string File { get; init; }

    /// <summary>Who can open it; of a new key, its recipient; absent when a file was opened.</summary>
    public IReadOnlyList<string>? Recipients { get; init; }

    /// <summary>Its bytes; absent of a key file.</summary>
    public ulong? FileBytes { get; init; }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.SealDocument);
}
