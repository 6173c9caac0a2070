using System.Text.Json;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Storage;

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

    /// <summary>Where the programs of the targets' storage come from: built-in, initramfs-tools, dracut.</summary>
    public required string Road { get; init; }

    /// <summary>Why.</summary>
    public required string RoadReason { get; init; }

    /// <summary>These programs.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>What is worth knowing and no error.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>The document of an image.</summary>
    public static RamdiskDocument From(RamdiskImage image, StorageRoad road, string path) => new()
    {
        Path = path,
        Bytes = image.Content.Length,
        UnpackedBytes = image.UnpackedSize.Value,
        Compression = image.Compression.ToString(),
        Modules = [.. image.Modules.Select(module => module.Name.Value)],
        Road = road.Name,
        RoadReason = road.Reason,
        Programs = road.Programs,
        Notices = [.. image.Notices.Select(notice => notice.ToString())],
    };

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.RamdiskDocument);
}
