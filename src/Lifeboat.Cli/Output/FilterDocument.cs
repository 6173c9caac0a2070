using System.Text.Json;
using System.Text.Json.Serialization;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Output;

/// <summary>A dump that was written, as a JSON document (docs/json.md).</summary>
internal sealed record FilterDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The dump that was read; of a split one the first part.</summary>
    public required string Dump { get; init; }

    /// <summary>All files that were read, as they were given.</summary>
    public required IReadOnlyList<string> Dumps { get; init; }

    /// <summary>The files that were written.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Their format: kdump, elf, flattened.</summary>
    public required string Format { get; init; }

    /// <summary>How pages are packed: zstd, zlib, lzo, snappy, none.</summary>
    public required string Compression { get; init; }

    /// <summary>The dump level that it was written at.</summary>
    public required int DumpLevel { get; init; }

    /// <summary>The dump level that was asked for.</summary>
    public required int DumpLevelAsked { get; init; }

    /// <summary>Whether it was written at a higher level than asked for, as it did not fit.</summary>
    public bool Raised => DumpLevel != DumpLevelAsked;

    /// <summary>Whether the dump that was read is incomplete, and so what was written.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>Bytes of the files; of a flattened dump, of the file it stands for.</summary>
    public required ulong FileBytes { get; init; }

    /// <summary>The time it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Pages by what became of them.</summary>
    public required PageCounts Pages { get; init; }

    /// <summary>What was overwritten; null when nothing was to be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErasedDocument? Erased { get; init; }

    /// <summary>What a reader of the dump should know.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.FilterDocument);
}
