using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.Http;

/// <summary>An answer, read to its end.</summary>
internal sealed class HttpResponse(int status, HttpFields fields, byte[] body)
{
    private const int MaxShown = 300;

    internal int Status { get; } = status;

    internal HttpFields Fields { get; } = fields;

    internal byte[] Body { get; } = body;

    internal bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the same request may be taken later: the server is busy, or what is behind it is down.</summary>
    internal bool IsPassing => Status is 408 or 423 or 425 or 429 or 460 or 500 or 502 or 503 or 504;

    /// <summary>Status and the begin of the body, for messages: a server may say there what it misses.</summary>
    internal string Shown
    {
        get
        {
            var text = new StringBuilder("status ").Append(Status.ToString(CultureInfo.InvariantCulture));
            int start = text.Length;
            foreach (char character in Encoding.UTF8.GetString(Body))
            {
                if (text.Length == start)
                {
                    text.Append(": ");
                }

                text.Append(char.IsControl(character) ? ' ' : character);
                if (text.Length > MaxShown)
                {
                    return text.Append("...").ToString();
                }
            }

            return text.ToString().TrimEnd();
        }
    }

    /// <summary>A field that is a number; null when it is missing or none.</summary>
    internal long? Number(string name) =>
        long.TryParse(Fields.Find(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
