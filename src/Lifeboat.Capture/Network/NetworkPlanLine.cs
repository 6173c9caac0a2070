using System.Globalization;
using System.Net;

namespace Lifeboat.Capture.Network;

/// <summary>
/// A line of a plan's text: a word, perhaps a value, and <c>name=value</c> words, each of which must be asked for. What is wrong is
/// kept as the first <see cref="Fault"/>, so that a reader asks for everything and looks once.
/// </summary>
internal sealed class NetworkPlanLine
{
    private const int MostWords = 16;

    private readonly string[] _words;
    private readonly bool[] _isUsed;

    internal NetworkPlanLine(string line)
    {
        _words = line.Split(' ', MostWords);
        _isUsed = new bool[_words.Length];
        _isUsed[0] = true;
    }

    /// <summary>The first word.</summary>
    internal string Directive => _words[0];

    /// <summary>The first thing that is wrong with the line; null when nothing is.</summary>
    internal string? Fault { get; private set; }

    /// <summary>The second word, of a line that has a value.</summary>
    internal string Value()
    {
        if (_words.Length < 2)
        {
            Fault ??= $"{Directive} without a value";
            return "";
        }

        _isUsed[1] = true;
        return _words[1];
    }

    /// <summary>The value of a named word that must be there; else empty.</summary>
    internal string Text(string name) => Optional(name) ?? Missing(name);

    /// <summary>The value of a named word; null without it.</summary>
    internal string? Optional(string name)
    {
        for (int i = 1; i < _words.Length; i++)
        {
            if (!_isUsed[i] && _words[i].StartsWith(name, StringComparison.Ordinal) && _words[i].Length > name.Length
                && _words[i][name.Length] == '=')
            {
                _isUsed[i] = true;
                return _words[i][(name.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>The number of a named word.</summary>
    internal int Number(string name, int least, int most) => Number(name, Text(name), least, most);

    /// <summary>A number that the line says somewhere.</summary>
    internal int Number(string name, ReadOnlySpan<char> text, int least, int most)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        Fault ??= $"{name}: {least} to {most} is expected";
        return least;
    }

    /// <summary>Which of two words a named one is: true for the first.</summary>
    internal bool Choice(string name, string first, string second)
    {
        string value = Text(name);
        if (value != first && value != second)
        {
            Fault ??= $"{name}: {first} or {second} is expected";
        }

        return value == first;
    }

    /// <summary>The hardware address of a named word; null without it.</summary>
    internal MacAddress? OptionalMac(string name)
    {
        if (Optional(name) is not { } text)
        {
            return null;
        }

        if (!MacAddress.TryParse(text, out MacAddress? mac))
        {
            Fault ??= $"{name}: a hardware address is expected, 52:54:00:12:34:56";
        }

        return mac;
    }

    /// <summary>The IP address that a text is.</summary>
    internal IPAddress Address(ReadOnlySpan<char> text)
    {
        if (IPBytes.TryParse(text, out IPAddress? address))
        {
            return address;
        }

        Fault ??= "an IP address is expected";
        return IPAddress.Any;
    }

    /// <summary>Says what is wrong unless something was already.</summary>
    internal void Refuse(string fault) => Fault ??= fault;

    /// <summary>Refuses words that nobody asked for.</summary>
    internal void End()
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if (!_isUsed[i])
            {
                Fault ??= $"a word too many, '{_words[i]}'";
            }
        }
    }

    private string Missing(string name)
    {
        Fault ??= $"{name}= is missing";
        return "";
    }
}
