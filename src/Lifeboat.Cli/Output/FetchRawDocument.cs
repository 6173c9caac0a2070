using System.Text.Json;
using System.Text.Json.Serialization;
using Lifeboat.Capture.Streams;

namespace Lifeboat.Cli.Output;

/// <summary>A crash that was taken off a device, as a JSON document (docs/json.md).</summary>
internal sealed class FetchRawDocument
{
    public FetchRawDocument(string device, string folder, CrashStreamReader reader, IReadOnlyList<UnpackedFile> files)
    {
        Device = device;
        Folder = folder;
        Host = reader.Header.Host;
        Time = reader.Header.Time;

        // Of a file that came more than once the last that could be stored is there.
        var last = new List<FetchedFile>();
        bool hasAll = true;
        foreach (UnpackedFile file in files)
        {
            last.RemoveAll(earlier => earlier.Name == file.StoredAs && (file.Bytes > 0 || file.Problem is null));
            last.Add(new FetchedFile(file));
            hasAll &= file.Problem is null || file.Bytes > 0;
        }

        Files = last;
        HasAllThereIs = hasAll;
    }

    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The device, or file, that it was on.</summary>
    public string Device { get; }

    /// <summary>Where it is now.</summary>
    public string Folder { get; }

    /// <summary>The crashed machine's name.</summary>
    public string Host { get; }

    /// <summary>When it crashed.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Whether everything was saved, and is whole.</summary>
    public required bool Complete { get; init; }

    /// <summary>Why not; left out when it is.</summary>
    public string? Problem { get; init; }

    /// <summary>The files, in the order they were written.</summary>
    public IReadOnlyList<FetchedFile> Files { get; }

    /// <summary>Whether the folder has all that the device has.</summary>
    [JsonIgnore]
    public bool HasAllThereIs { get; }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.FetchRawDocument);
}
