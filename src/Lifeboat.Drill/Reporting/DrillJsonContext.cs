using System.Text.Json.Serialization;

namespace Lifeboat.Drill.Reporting;

/// <summary>The JSON documents of this room.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DrillDocument))]
[JsonSerializable(typeof(MinimumReservationDocument))]
internal sealed partial class DrillJsonContext : JsonSerializerContext;
