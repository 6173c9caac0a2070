using System.Text.Json.Serialization;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>The serializers of this room's documents, made at compile time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ArmedImage))]
[JsonSerializable(typeof(CrashKernelDocument))]
[JsonSerializable(typeof(FileLoadDocument))]
[JsonSerializable(typeof(LastDrill))]
[JsonSerializable(typeof(LoadPlanDocument))]
[JsonSerializable(typeof(ProposalDocument))]
[JsonSerializable(typeof(ReservationDocument))]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class KexecJsonContext : JsonSerializerContext;
