using System.Text.Json;

namespace Lifeboat.Cli.Output;

/// <summary>What a console's log has of blocks, as a JSON document (docs/json.md).</summary>
internal sealed class DecodeConsoleDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The log, as it was given.</summary>
    public required string Log { get; init; }

    /// <summary>Lines that begin as a block's and cannot be read.</summary>
    public required long DamagedLines { get; init; }

    /// <summary>Whether the log has more than is believed, and the rest was left aside.</summary>
    public required bool CutShort { get; init; }

    /// <summary>The blocks, in the order they were first seen.</summary>
    public required IReadOnlyList<DecodedBlock> Blocks { get; init; }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.DecodeConsoleDocument);
}
