using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>Fields of a console block, <c>name=value</c> a line.</summary>
internal sealed class ConsoleFields
{
    private const int MaxValueLength = 400;

    private readonly StringBuilder _text = new();

    /// <summary>Reads a field's values.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="name">The field's name.</param>
    internal static List<string> Values(string text, string name)
    {
        var values = new List<string>();
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > name.Length && line[name.Length] == '=' && line.StartsWith(name, StringComparison.Ordinal))
            {
                values.Add(line[(name.Length + 1)..]);
            }
        }

        return values;
    }

    /// <summary>The first value of a field; null when it has none.</summary>
    internal static string? Value(string text, string name) => Values(text, name) is [string first, ..] ? first : null;

    /// <summary>The same as a number that is not negative; null when it is none.</summary>
    internal static long? Number(string text, string name) =>
        long.TryParse(Value(text, name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The same as a time in seconds since 1970.</summary>
    internal static DateTimeOffset? Time(string text, string name) =>
        Number(text, name) is { } seconds and < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Adds a field, unless there is no value; line ends become spaces, and what is too long is cut.</summary>
    internal ConsoleFields Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _text.Append(name).Append('=');
            foreach (char character in value.AsSpan(0, Math.Min(value.Length, MaxValueLength)))
            {
                _text.Append(char.IsControl(character) ? ' ' : character);
            }

            _text.Append('\n');
        }

        return this;
    }

    internal ConsoleFields Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    internal byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
