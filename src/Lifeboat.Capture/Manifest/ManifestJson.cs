using System.Text.Json.Serialization;

namespace Lifeboat.Capture.Manifest;

/// <summary>The generated serializer of the manifest.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    AllowTrailingCommas = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CaptureManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
