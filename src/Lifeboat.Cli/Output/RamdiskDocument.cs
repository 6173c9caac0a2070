using System.Text.Json;
using Lifeboat.Capture.Ramdisk;

namespace Lifeboat.Cli.Output;

/// <summary>A ramdisk that was built, as a JSON document (docs/json.md).</summary>
internal sealed record RamdiskDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Its bytes.</summary>
    public required int Bytes { get; init; }

    /// <summary>Bytes of what it unpacks to.</summary>
    public required ulong UnpackedBytes { get; init; }

    /// <summary>How it is compressed: None, Gzip, Zstd.</summary>
    public required string Compression { get; init; }

    /// <summary>The modules in it, in load order.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>What is worth knowing and no error.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>The document of an image.</summary>
    public static RamdiskDocument From(RamdiskImage image, string path) => new()
    {
        Path = path,
        Bytes = image.Content.Length,
        UnpackedBytes = image.UnpackedSize.Value,
        Compression = image.Compression.ToString(),
        Modules = [.. image.Modules.Select(module => module.Name.Value)],
        Notices = [.. image.Notices.Select(notice => notice.ToString())],
    };

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.RamdiskDocument);
}
