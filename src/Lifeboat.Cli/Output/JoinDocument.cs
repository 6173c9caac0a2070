using System.Text.Json;
using Lifeboat.Vmcore.Split;

namespace Lifeboat.Cli.Output;

/// <summary>A dump that was joined of parts, as a JSON document (docs/json.md).</summary>
internal sealed record JoinDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The parts, as they were given.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>The file that was written.</summary>
    public required string File { get; init; }

    /// <summary>Its bytes.</summary>
    public required ulong FileBytes { get; init; }

    /// <summary>Whether a part is missing or incomplete, and so the file.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>What was wrong with the parts and was worked around.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>The document of a join.</summary>
    public static JoinDocument From(SplitJoinResult result, IReadOnlyList<string> parts, string file) => new()
    {
        Parts = parts,
        File = file,
        FileBytes = result.FileSize.Value,
        Incomplete = result.IsIncomplete,
        Notices = [.. result.Notices.Select(notice => notice.ToString())],
    };

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.JoinDocument);
}
