using System.Text.Json.Serialization;

namespace Lifeboat.Drill.Guests;

/// <summary>The shape of the kept answer.</summary>
[JsonSerializable(typeof(KvmProbeAnswer))]
internal sealed partial class ProbeJsonContext : JsonSerializerContext;
