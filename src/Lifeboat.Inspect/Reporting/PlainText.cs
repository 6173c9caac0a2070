using System.Text;

namespace Lifeboat.Inspect.Reporting;

/// <summary>Text out of a dump, made fit to print.</summary>
public static class PlainText
{
    /// <summary>The text with blanks for control characters: a dump's own words must not drive the terminal.</summary>
    public static string Printable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            clean.Append(char.IsControl(character) ? ' ' : character);
        }

        return clean.ToString();
    }
}
