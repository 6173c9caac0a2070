using System.Text;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>The little XML that object stores speak: an element's text, found by its name.</summary>
internal static class XmlText
{
    /// <summary>The text of the first element of this name without attributes; null when there is none.</summary>
    internal static string? Find(byte[] xml, string name)
    {
        string text = Encoding.UTF8.GetString(xml);
        int start = text.IndexOf($"<{name}>", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += name.Length + 2;
        int end = text.IndexOf($"</{name}>", start, StringComparison.Ordinal);
        return end < 0 ? null : text[start..end].Replace("&quot;", "\"").Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&");
    }

    internal static string Escape(string text) =>
        text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
}
