using System.Text.Json.Serialization;

namespace Lifeboat.Kexec.Reporting;

/// <summary>The serializers of this room's documents, made at compile time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LoadPlanDocument))]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class KexecJsonContext : JsonSerializerContext;
