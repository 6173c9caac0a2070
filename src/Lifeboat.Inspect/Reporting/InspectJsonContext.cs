using System.Text.Json.Serialization;

namespace Lifeboat.Inspect.Reporting;

/// <summary>The JSON documents of this room.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CrashReportDocument))]
[JsonSerializable(typeof(LogDocument))]
internal sealed partial class InspectJsonContext : JsonSerializerContext;
