using System.Text.Json.Serialization;

namespace Lifeboat.Inspect.Reporting;

/// <summary>The JSON documents of this room, which are only written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CrashReportDocument))]
[JsonSerializable(typeof(LogDocument))]
internal sealed partial class InspectJsonContext : JsonSerializerContext;
