namespace Lifeboat.Cli.Output;

/// <summary>What of a dump was overwritten, as part of a JSON document (docs/json.md).</summary>
internal sealed record ErasedDocument
{
    /// <summary>Places, of which some may overlap.</summary>
    public required int Places { get; init; }

    /// <summary>Their bytes, each once.</summary>
    public required ulong Bytes { get; init; }
}
