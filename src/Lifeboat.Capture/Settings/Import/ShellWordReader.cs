using System.Text;

namespace Lifeboat.Capture.Settings.Import;

/// <summary>
/// Reads the words of a shell's file as POSIX quotes and escapes them. Nothing is expanded or run: a word that a shell
/// would expand has a problem instead.
/// </summary>
internal sealed class ShellWordReader(string text)
{
    private const char End = '\0';
    private const string Operators = "&|<>();";
    private const string SpecialParameters = "@*#?-$!";

    private readonly StringBuilder _value = new();
    private int _at;
    private string? _problem;

    /// <summary>The number of the line that comes next.</summary>
    internal int Line { get; private set; } = 1;

    internal bool IsAtEnd => _at >= text.Length;

    /// <summary>The next character; NUL at the end.</summary>
    internal char Current => Peek(0);

    /// <summary>Goes on by a character.</summary>
    internal void Advance()
    {
        if (_at < text.Length && text[_at++] == '\n')
        {
            Line++;
        }
    }

    /// <summary>Whether this text comes next.</summary>
    internal bool IsNext(string expected) => string.CompareOrdinal(text, _at, expected, 0, expected.Length) == 0;

    /// <summary>Skips blanks, joined lines, and a comment up to its line's end.</summary>
    internal void SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (Current is ' ' or '\t')
            {
                Advance();
            }
            else if (Current == '\\' && Peek(1) == '\n')
            {
                Advance();
                Advance();
            }
            else if (Current == '#')
            {
                SkipTo('\n', withEscapes: false);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Reads a word; there is one, since neither a blank nor an operator comes next.</summary>
    internal ShellWord Read()
    {
        int line = Line;
        string? name = ReadName();
        int start = _at;
        _value.Clear();
        _problem = Current == '~' ? "~ stands for a home folder" : null;
        while (!IsAtEnd && !IsEnd(Current))
        {
            ReadPart();
        }

        return new ShellWord(line, name, _value.ToString(), text[start.._at], _problem);
    }

    internal static bool IsOperator(char character) => Operators.Contains(character);

    private static bool IsEnd(char character) => character is ' ' or '\t' or '\n' || IsOperator(character);

    // NAME= or NAME+=; what it assigns to.
    private string? ReadName()
    {
        int end = _at;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_' || (end > _at && char.IsAsciiDigit(text[end]))))
        {
            end++;
        }

        if (end == _at || end >= text.Length || (text[end] != '=' && !(text[end] == '+' && end + 1 < text.Length && text[end + 1] == '=')))
        {
            return null;
        }

        // An appending assignment keeps its plus, so that it is no name that anybody knows, and is told as it stands there.
        string name = text[_at..(text[end] == '+' ? end + 1 : end)];
        _at += name.Length + 1;
        return name;
    }

    private void ReadPart()
    {
        switch (Current)
        {
            case '\'':
                Advance();
                int start = _at;
                SkipTo('\'', withEscapes: false);
                _value.Append(text, start, _at - start);
                Close('\'');
                break;
            case '"':
                ReadDoubleQuoted();
                break;
            case '\\':
                Advance();
                if (Current != '\n' && !IsAtEnd)
                {
                    _value.Append(Current);
                }

                Advance();
                break;
            case '$' when Peek(1) is '\'' or '"':
                // Quotes of bash's own, with escapes or a translation; other shells read them otherwise.
                _problem ??= "$ before a quote would need a certain shell";
                Advance();
                char quote = Current;
                Advance();
                SkipTo(quote, withEscapes: true);
                Close(quote);
                break;
            case '$' or '`':
                ReadExpansion();
                break;
            default:
                _value.Append(Current);
                Advance();
                break;
        }
    }

    private void ReadDoubleQuoted()
    {
        Advance();
        while (!IsAtEnd && Current != '"')
        {
            if (Current is '$' or '`')
            {
                ReadExpansion();
                continue;
            }

            if (Current == '\\' && Peek(1) is '$' or '`' or '"' or '\\' or '\n')
            {
                Advance();
                if (Current == '\n')
                {
                    Advance();
                    continue;
                }
            }

            _value.Append(Current);
            Advance();
        }

        Close('"');
    }

    private void ReadExpansion()
    {
        int start = _at;
        char next = Peek(1);
        if (Current == '`')
        {
            Advance();
            SkipTo('`', withEscapes: true);
            Close('`');
        }
        else if (next is '(' or '{')
        {
            Advance();
            SkipBracketed(next, next == '(' ? ')' : '}');
        }
        else if (char.IsAsciiLetterOrDigit(next) || next == '_' || SpecialParameters.Contains(next))
        {
            Advance();
            do
            {
                Advance();
            }
            while (char.IsAsciiLetterOrDigit(Current) || Current == '_');
        }
        else
        {
            _value.Append('$');
            Advance();
            return;
        }

        _problem ??= $"{SettingText.Shown(text[start.._at])} would need a shell";
    }

    private void SkipBracketed(char open, char close)
    {
        int depth = 0;
        do
        {
            if (Current == '\\')
            {
                Advance();
            }
            else if (Current is '\'' or '"')
            {
                char quote = Current;
                Advance();
                SkipTo(quote, withEscapes: quote == '"');
            }
            else if (Current == open)
            {
                depth++;
            }
            else if (Current == close)
            {
                depth--;
            }

            Advance();
        }
        while (depth > 0 && !IsAtEnd);
    }

    private void SkipTo(char end, bool withEscapes)
    {
        while (!IsAtEnd && Current != end)
        {
            if (withEscapes && Current == '\\')
            {
                Advance();
            }

            Advance();
        }
    }

    private void Close(char quote)
    {
        if (IsAtEnd)
        {
            _problem ??= $"the quote {quote} does not end";
        }

        Advance();
    }

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : End;
}
