using System.Text.Json;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Cli.Output;

/// <summary>What is in a ramdisk, as a JSON document (docs/json.md) and as text.</summary>
internal sealed class RamdiskListDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 2;

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Its bytes.</summary>
    public required int Bytes { get; init; }

    /// <summary>Bytes of what it unpacks to.</summary>
    public required ulong UnpackedBytes { get; init; }

    /// <summary>How it is compressed: None, Gzip, Zstd.</summary>
    public required string Compression { get; init; }

    /// <summary>The kernel that the modules are for; null when there are none.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>The modules, in load order.</summary>
    public required IReadOnlyList<RamdiskModule> Modules { get; init; }

    /// <summary>The settings' text; null when it has none.</summary>
    public string? Settings { get; init; }

    /// <summary>Every regular file.</summary>
    public required IReadOnlyList<RamdiskListEntry> Files { get; init; }

    /// <summary>The document of a ramdisk.</summary>
    public static RamdiskListDocument From(RamdiskContents contents, int bytes)
    {
        var files = new List<RamdiskListEntry>();
        foreach (CpioEntry entry in contents.Entries)
        {
            if (entry.IsFile)
            {
                files.Add(new RamdiskListEntry { Path = "/" + entry.Name, Bytes = entry.Content.Length });
            }
        }

        return new RamdiskListDocument
        {
            Path = contents.Name,
            Bytes = bytes,
            UnpackedBytes = contents.UnpackedSize.Value,
            Compression = contents.Compression.ToString(),
            KernelRelease = contents.KernelRelease,
            Modules = contents.Modules,
            Settings = contents.Settings,
            Files = files,
        };
    }

    /// <summary>The document as text.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{Path}: {new ByteCount((ulong)Bytes)} ({Compression}), {new ByteCount(UnpackedBytes)} unpacked");
        output.WriteLine($"\nModules for {PlainText.Printable(KernelRelease ?? "no kernel")}, in load order");
        foreach (RamdiskModule module in Modules)
        {
            output.WriteLine($"  {PlainText.Printable($"{module}")}");
        }

        output.WriteLine("\nSettings");
        foreach (string line in Settings?.TrimEnd().Split('\n') ?? ["none"])
        {
            output.WriteLine($"  {PlainText.Printable(line)}");
        }

        output.WriteLine("\nFiles");
        foreach (RamdiskListEntry file in Files)
        {
            output.WriteLine($"  {new ByteCount((ulong)file.Bytes),10}  {PlainText.Printable(file.Path)}");
        }
    }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.RamdiskListDocument);
}
