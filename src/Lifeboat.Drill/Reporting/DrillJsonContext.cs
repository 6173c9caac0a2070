using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lifeboat.Drill.Reporting;

/// <summary>The JSON documents of this room.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DrillDocument))]
[JsonSerializable(typeof(MinimumReservationDocument))]
internal sealed partial class DrillJsonContext : JsonSerializerContext
{
    /// <summary>Writes plus signs and the like as they are: the documents go to files and terminals, not into web pages.</summary>
    public static DrillJsonContext Readable => field ??= new(
        new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
