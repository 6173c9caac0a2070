using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Lifeboat.Core.IO;

/// <summary>
/// JSON for files and terminals: indented, and plus signs and the like stand as they are, which only in a web page would have to be
/// escaped.
/// </summary>
public static class ReadableJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document as UTF-8.</summary>
    /// <param name="document">The document.</param>
    /// <param name="type">How it is written, by a context made at compile time.</param>
    public static ReadOnlyMemory<byte> ToBytes<T>(T document, JsonTypeInfo<T> type)
        where T : class
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Options))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        return text.WrittenMemory;
    }

    /// <inheritdoc cref="ToBytes"/>
    /// <summary>The document as text.</summary>
    public static string ToText<T>(T document, JsonTypeInfo<T> type)
        where T : class => Encoding.UTF8.GetString(ToBytes(document, type).Span);
}
