using System.Text.Encodings.Web;
using System.Text.Json;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Manifest;

/// <summary>What a dump's folder holds and how it came about: the file <c>manifest.json</c>.</summary>
public sealed record CaptureManifest
{
    /// <summary>The file's name.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The version of the schema that this program writes; grows when a member changes its meaning.</summary>
    public const int CurrentSchemaVersion = 1;

    // What is larger was not written by this program.
    private const int MaxBytes = 4 << 20;

    // The file is JSON by itself, never part of a page: '+' and '<' may stand as they are.
    private static readonly ManifestJson Json = new(
        new JsonSerializerOptions(ManifestJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The version of the schema.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The version of the program that wrote it.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>Whether everything was saved whole.</summary>
    public bool Complete { get; init; }

    /// <summary>Why it was not; null when it was.</summary>
    public string? Reason { get; init; }

    /// <summary>The crashed machine's name; null when unknown.</summary>
    public string? Host { get; init; }

    /// <summary>The crashed kernel's release; null when unknown.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>When it crashed (CRASHTIME); null when unknown.</summary>
    public DateTimeOffset? CrashTime { get; init; }

    /// <summary>When the capture began, by the capture kernel's clock.</summary>
    public DateTimeOffset CaptureTime { get; init; }

    /// <summary>Which pages were left out, makedumpfile's bits.</summary>
    public int DumpLevel { get; init; }

    /// <summary>The tiers in their order.</summary>
    public required IReadOnlyList<ManifestTier> Tiers { get; init; }

    /// <summary>The machine's pages by what became of them; null when there is no whole dump.</summary>
    public PageCounts? Pages { get; init; }

    /// <summary>The memory that the capture took.</summary>
    public ManifestMemory Memory { get; init; } = new();

    /// <summary>What a reader of the dump should know, a line each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Reads the manifest in a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DiagnosticException">It is no manifest, or of a schema that is newer than this program.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CaptureManifest Load(string path)
    {
        using FileStream file = File.OpenRead(path);

        // One byte more than is believed is enough to refuse it.
        byte[] bytes = new byte[Math.Min(file.Length, MaxBytes + 1)];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Parse(bytes.AsSpan(0, read), path);
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="fileName">Its name, for errors.</param>
    /// <exception cref="DiagnosticException">It is no manifest, or of a schema that is newer than this program.</exception>
    public static CaptureManifest Parse(ReadOnlySpan<byte> json, string fileName)
    {
        if (json.Length > MaxBytes)
        {
            throw Bad(fileName, $"{json.Length} bytes", null);
        }

        try
        {
            CaptureManifest? manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.CaptureManifest);
            if (manifest?.SchemaVersion != CurrentSchemaVersion)
            {
                throw Bad(fileName, $"schema version {manifest?.SchemaVersion}", null);
            }

            // The serializer lets null entries of lists through.
            return !manifest.Tiers.Contains(null!) && !manifest.Notices.Contains(null!)
                ? manifest
                : throw Bad(fileName, "an empty entry of a list", null);
        }
        catch (JsonException error)
        {
            throw Bad(fileName, error.Message, error);
        }
    }

    /// <summary>The part that tells nothing of the machine: which files there are, how large, with which hash.</summary>
    public CaptureManifest WithoutContents()
    {
        var tiers = new List<ManifestTier>(Tiers.Count);
        foreach (ManifestTier tier in Tiers)
        {
            tiers.Add(tier with { Error = tier.Error is null ? null : "sealed" });
        }

        return new CaptureManifest
        {
            ToolVersion = ToolVersion,
            Complete = Complete,
            Reason = Reason is null ? null : "sealed",
            CaptureTime = CaptureTime,
            DumpLevel = DumpLevel,
            Tiers = tiers,
        };
    }

    /// <summary>The manifest as the file's bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json.CaptureManifest);

    private static DiagnosticException Bad(string fileName, string found, Exception? cause) =>
        new(cause, new Diagnostic(CaptureDiagnostics.BadManifest, "The manifest cannot be read")
        {
            Where = fileName,
            Found = found,
            Expected = $"JSON of schema version {CurrentSchemaVersion}",
        });
}
