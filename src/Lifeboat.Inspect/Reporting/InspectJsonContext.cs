using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lifeboat.Inspect.Reporting;

/// <summary>The JSON documents of this room.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    WriteIndented = true,
    UseStringEnumConverter = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CrashReportDocument))]
[JsonSerializable(typeof(LogDocument))]
internal sealed partial class InspectJsonContext : JsonSerializerContext
{
    /// <summary>Writes plus signs and the like as they are: the documents go to files and terminals, not into web pages.</summary>
    public static InspectJsonContext Readable => field ??= new(
        new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
