using System.Text.Json.Serialization;

namespace Lifeboat.Drill.Reporting;

/// <summary>The JSON documents of this room, which are only written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DrillDocument))]
[JsonSerializable(typeof(MinimumReservationDocument))]
internal sealed partial class DrillJsonContext : JsonSerializerContext;
