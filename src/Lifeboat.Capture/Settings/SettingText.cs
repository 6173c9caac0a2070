using System.Text;

namespace Lifeboat.Capture.Settings;

/// <summary>Text of settings files: what a line can say, and how what stands in one is shown.</summary>
internal static class SettingText
{
    private const int MaxShown = 160;
    private const char LineSeparator = '\u2028';
    private const char ParagraphSeparator = '\u2029';

    /// <summary>Whether a line can say this value: a comment would cut it, a control character might end the line.</summary>
    internal static bool CanBeWritten(string value) =>
        value.Length > 0 && !char.IsWhiteSpace(value[0]) && !char.IsWhiteSpace(value[^1])
        && !value.Contains('#') && !HasControls(value);

    /// <summary>Text of a file for a message or a comment: on one line, without control characters, of bounded length.</summary>
    internal static string Shown(string text)
    {
        if (text.Length <= MaxShown && !HasControls(text))
        {
            return text;
        }

        var shown = new StringBuilder();
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, MaxShown)))
        {
            shown.Append(IsControl(character) ? ' ' : character);
        }

        return text.Length > MaxShown ? shown.Append("...").ToString() : shown.ToString();
    }

    private static bool HasControls(string text)
    {
        foreach (char character in text)
        {
            if (IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    // A tab inside a value is refused with them: it would not be seen in what is printed.
    private static bool IsControl(char character) =>
        char.IsControl(character) || character is LineSeparator or ParagraphSeparator;
}
