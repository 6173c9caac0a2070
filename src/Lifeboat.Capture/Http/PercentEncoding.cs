using System.Text;

namespace Lifeboat.Capture.Http;

/// <summary>Names as parts of URLs: all but letters, digits and <c>-._~</c> as <c>%XX</c> of their UTF-8 bytes (RFC 3986).</summary>
internal static class PercentEncoding
{
    internal static string Encode(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append('%').Append(value.ToString("X2"));
            }
        }

        return text.ToString();
    }
}
