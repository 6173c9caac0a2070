using System.Text.Json.Serialization;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>The serializers of this room's documents, made at compile time: most are only written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ArmedImage), GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CrashKernelDocument))]
[JsonSerializable(typeof(FileLoadDocument))]
[JsonSerializable(typeof(LastDrill), GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LoadPlanDocument))]
[JsonSerializable(typeof(ProposalDocument))]
[JsonSerializable(typeof(ReservationDocument))]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class KexecJsonContext : JsonSerializerContext;
