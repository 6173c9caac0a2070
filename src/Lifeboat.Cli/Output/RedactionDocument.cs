namespace Lifeboat.Cli.Output;

/// <summary>Whether a dump has what was to be erased, as part of a JSON document (docs/json.md).</summary>
internal sealed record RedactionDocument
{
    /// <summary>Whether nothing of it is there, as far as it was looked for, and all could be looked for.</summary>
    public required bool Proven { get; init; }

    /// <summary>Places that the dump says are erased.</summary>
    public required int Said { get; init; }

    /// <summary>Places found anew.</summary>
    public required int Found { get; init; }

    /// <summary>Places whose pages are not in the dump.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Bytes that are overwritten.</summary>
    public required ulong Bytes { get; init; }

    /// <summary>Files whose bytes were looked for in all of the dump.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }
}
