using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>Cuts a grub.cfg into tokens; stands on one of them, the first to begin with.</summary>
internal sealed class GrubTokens
{
    private readonly string _text;
    private readonly string _source;
    private readonly StringBuilder _piece = new();
    private int _position;
    private int _line = 1;

    internal GrubTokens(string text, string source)
    {
        _text = text;
        _source = source;
        Next();
    }

    internal GrubTokenKind Kind { get; private set; }

    /// <summary>The word, when the token is one.</summary>
    internal GrubWord Word { get; private set; } = new([]);

    /// <summary>The word when it could be a keyword.</summary>
    internal string? Keyword => Kind == GrubTokenKind.Word ? Word.Plain : null;

    /// <summary>The line on which the token begins.</summary>
    internal int Line { get; private set; }

    /// <summary>An error about the token.</summary>
    internal DiagnosticException Malformed(string what)
    {
        string token = Kind switch
        {
            GrubTokenKind.End => "The end of the file",
            GrubTokenKind.Separator => "The end of a command",
            GrubTokenKind.Open => "'{'",
            GrubTokenKind.Close => "'}'",
            _ => Word.Plain is { Length: < 60 } plain ? $"'{plain}'" : "A word",
        };
        return new DiagnosticException(BootEntries.Unclear($"{token} {what}", $"{_source}:{Line}"));
    }

    internal void Next()
    {
        SkipBlanks();
        Line = _line;
        if (_position == _text.Length)
        {
            Kind = GrubTokenKind.End;
            return;
        }

        char first = _text[_position];
        Kind = first switch
        {
            '\n' or ';' => GrubTokenKind.Separator,
            '{' => GrubTokenKind.Open,
            '}' => GrubTokenKind.Close,
            '&' or '|' => throw new DiagnosticException(BootEntries.Unclear(
                $"'{first}' is not of grub's language", $"{_source}:{_line}")),
            _ => GrubTokenKind.Word,
        };
        if (Kind == GrubTokenKind.Word)
        {
            Word = ReadWord();
            return;
        }

        _line += first == '\n' ? 1 : 0;
        _position++;
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length)
        {
            char next = _text[_position];
            if (next == '#')
            {
                int end = _text.IndexOf('\n', _position);
                _position = end < 0 ? _text.Length : end;
            }
            else if (next == '\\' && IsAt(_position + 1, '\n'))
            {
                _line++;
                _position += 2;
            }
            else if (next is ' ' or '\t' or '\r')
            {
                _position++;
            }
            else
            {
                return;
            }
        }
    }

    private GrubWord ReadWord()
    {
        var parts = new List<GrubWordPart>();
        while (_position < _text.Length)
        {
            char next = _text[_position];
            if (next is ' ' or '\t' or '\r' or '\n' or ';' or '{' or '}' or '&' or '|')
            {
                break;
            }

            _position++;
            switch (next)
            {
                case '\'':
                    Flush(parts, quoted: false);
                    ReadSingleQuoted(parts);
                    break;
                case '"':
                    Flush(parts, quoted: false);
                    ReadDoubleQuoted(parts);
                    break;
                case '\\' when _position < _text.Length:
                    Flush(parts, quoted: false);
                    if (_text[_position] == '\n')
                    {
                        _line++;
                    }
                    else
                    {
                        parts.Add(new GrubWordPart(_text[_position].ToString(), IsVariable: false, IsQuoted: true));
                    }

                    _position++;
                    break;
                case '$' when TryReadName() is { } name:
                    Flush(parts, quoted: false);
                    parts.Add(new GrubWordPart(name, IsVariable: true, IsQuoted: false));
                    break;
                default:
                    _piece.Append(next);
                    break;
            }
        }

        Flush(parts, quoted: false);
        return new GrubWord(parts);
    }

    private void ReadSingleQuoted(List<GrubWordPart> parts)
    {
        int end = _text.IndexOf('\'', _position);
        if (end < 0)
        {
            throw Unclosed('\'');
        }

        string text = _text[_position..end];
        parts.Add(new GrubWordPart(text, IsVariable: false, IsQuoted: true));
        _line += text.AsSpan().Count('\n');
        _position = end + 1;
    }

    private void ReadDoubleQuoted(List<GrubWordPart> parts)
    {
        int before = parts.Count;
        while (true)
        {
            if (_position == _text.Length)
            {
                throw Unclosed('"');
            }

            char next = _text[_position++];
            if (next == '"')
            {
                break;
            }

            if (next == '\\' && _position < _text.Length && _text[_position] is '"' or '$' or '\\' or '\n')
            {
                char escaped = _text[_position++];
                if (escaped == '\n')
                {
                    _line++;
                }
                else
                {
                    _piece.Append(escaped);
                }
            }
            else if (next == '$' && TryReadName() is { } name)
            {
                Flush(parts, quoted: true);
                parts.Add(new GrubWordPart(name, IsVariable: true, IsQuoted: true));
            }
            else
            {
                _line += next == '\n' ? 1 : 0;
                _piece.Append(next);
            }
        }

        Flush(parts, quoted: true);
        if (parts.Count == before)
        {
            // An empty pair of quotes is a word too.
            parts.Add(new GrubWordPart("", IsVariable: false, IsQuoted: true));
        }
    }

    /// <summary>The name of a variable after its dollar, with or without braces; null when the dollar is just that.</summary>
    private string? TryReadName()
    {
        int start = _position;
        bool braced = IsAt(start, '{');
        int from = braced ? start + 1 : start;
        int end = from;
        if (end < _text.Length && _text[end] is '?' or '#' or '@' or '*')
        {
            end++;
        }
        else
        {
            bool digits = end < _text.Length && char.IsAsciiDigit(_text[end]);
            while (end < _text.Length && (char.IsAsciiDigit(_text[end])
                || (!digits && (char.IsAsciiLetter(_text[end]) || _text[end] == '_'))))
            {
                end++;
            }
        }

        if (end == from || (braced && !IsAt(end, '}')))
        {
            return null;
        }

        _position = braced ? end + 1 : end;
        return _text[from..end];
    }

    private void Flush(List<GrubWordPart> parts, bool quoted)
    {
        if (_piece.Length > 0)
        {
            parts.Add(new GrubWordPart(_piece.ToString(), IsVariable: false, quoted));
            _piece.Clear();
        }
    }

    private bool IsAt(int position, char wanted) => position < _text.Length && _text[position] == wanted;

    private DiagnosticException Unclosed(char quote) =>
        new(BootEntries.Unclear($"A {quote} is not closed", $"{_source}:{Line}"));
}
