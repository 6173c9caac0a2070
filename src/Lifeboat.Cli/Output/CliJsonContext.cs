using System.Text.Json.Serialization;

namespace Lifeboat.Cli.Output;

/// <summary>The JSON documents of this room.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RamdiskDocument))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
