using System.Globalization;

namespace Lifeboat.Inspect.Reporting;

/// <summary>Writes parts of a page; text out of a dump goes through <see cref="Text"/> and cannot become markup.</summary>
internal sealed class HtmlWriter(TextWriter output)
{
    /// <summary>Markup of our own.</summary>
    internal HtmlWriter Raw(string markup)
    {
        output.Write(markup);
        return this;
    }

    /// <summary>A number of our own, for a drawing.</summary>
    internal HtmlWriter Number(double value)
    {
        output.Write(value.ToString("0.##", CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Text from anywhere.</summary>
    internal HtmlWriter Text(string? text)
    {
        foreach (char c in text ?? "")
        {
            switch (c)
            {
                case '<':
                    output.Write("&lt;");
                    break;
                case '>':
                    output.Write("&gt;");
                    break;
                case '&':
                    output.Write("&amp;");
                    break;
                case '"':
                    output.Write("&quot;");
                    break;
                case '\'':
                    output.Write("&#39;");
                    break;

                // What would turn the direction of the text that follows, or is no character.
                case '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'):
                case var _ when (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\ufffe' or '\uffff':
                    output.Write('\ufffd');
                    break;
                default:
                    output.Write(c);
                    break;
            }
        }

        return this;
    }

    /// <summary>A name and what stands for it, in the list of facts; nothing when it is not known.</summary>
    internal void Fact(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Raw("<dt>").Raw(name).Raw("</dt><dd>").Text(value).Raw("</dd>\n");
        }
    }

    /// <summary>A stack that opens and closes.</summary>
    internal void Stack(string title, IReadOnlyList<string> frames, string? end, string? note, bool open = false)
    {
        Raw(open ? "<details open=\"\"><summary>" : "<details><summary>").Text(title);
        Raw(" <i>").Text(note).Raw("</i></summary><pre>");
        foreach (string frame in frames)
        {
            bool isGuess = frame.StartsWith('?');
            Raw(isGuess ? "<s>" : "").Text(frame).Raw(isGuess ? "</s>\n" : "\n");
        }

        Raw("</pre>");
        if (end is not null)
        {
            Raw("<p>the stack ends: ").Text(end).Raw("</p>");
        }

        Raw("</details>\n");
    }
}
