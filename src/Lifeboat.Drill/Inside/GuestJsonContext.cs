using System.Text.Json.Serialization;

namespace Lifeboat.Drill.Inside;

/// <summary>The shapes that host and guest hand each other.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GuestPlan))]
[JsonSerializable(typeof(GuestTruth))]
internal sealed partial class GuestJsonContext : JsonSerializerContext;
