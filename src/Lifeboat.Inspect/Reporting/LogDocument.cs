using Lifeboat.Core.IO;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Reporting;

/// <summary>A kernel's whole log as a JSON document (docs/json.md).</summary>
public sealed record LogDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The records, oldest first.</summary>
    public required IReadOnlyList<LogRecord> Records { get; init; }

    /// <summary>What could not be read.</summary>
    public required IReadOnlyList<string> Diagnostics { get; init; }

    /// <summary>The document of a log.</summary>
    public static LogDocument From(KernelLog log) => new()
    {
        Records = log.Records,
        Diagnostics = [.. log.Diagnostics.Select(diagnostic => diagnostic.ToString())],
    };

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => ReadableJson.ToText(this, InspectJsonContext.Default.LogDocument);
}
