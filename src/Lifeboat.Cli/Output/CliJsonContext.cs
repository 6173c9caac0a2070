using System.Text.Json.Serialization;

namespace Lifeboat.Cli.Output;

/// <summary>The JSON documents of this room, which are only written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecodeConsoleDocument))]
[JsonSerializable(typeof(DescribeDocument))]
[JsonSerializable(typeof(BootListDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(EstimateDocument))]
[JsonSerializable(typeof(FetchRawDocument))]
[JsonSerializable(typeof(FilterDocument))]
[JsonSerializable(typeof(InfoDocument))]
[JsonSerializable(typeof(JoinDocument))]
[JsonSerializable(typeof(RamdiskDocument))]
[JsonSerializable(typeof(RamdiskListDocument))]
[JsonSerializable(typeof(SealDocument))]
[JsonSerializable(typeof(VerifyDocument))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
