using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lifeboat.Cli.Output;

/// <summary>Whether a dump is sound, as a JSON document (docs/json.md).</summary>
internal sealed record VerifyDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The files, as they were given.</summary>
    public required IReadOnlyList<string> Dumps { get; init; }

    /// <summary>The format.</summary>
    public required string Format { get; init; }

    /// <summary>The verdict: nothing at all is wrong.</summary>
    public bool Sound => Wrong.Count == 0;

    /// <summary>Pages that were read and unpacked.</summary>
    public required ulong PagesRead { get; init; }

    /// <summary>Pages that should be there and cannot be read.</summary>
    public required ulong Faults { get; init; }

    /// <summary>The first of them.</summary>
    public required string? FirstFault { get; init; }

    /// <summary>Files whose size and SHA-256 were compared with a manifest beside them.</summary>
    public required IReadOnlyList<string> InManifest { get; init; }

    /// <summary>Whether what was to be erased is there; null when that was not asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RedactionDocument? Redaction { get; init; }

    /// <summary>What is wrong, a line each.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    /// <summary>What is worth knowing and not wrong.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.VerifyDocument);
}
