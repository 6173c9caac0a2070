using System.Globalization;

namespace Lifeboat.Inspect.Commands;

/// <summary>The words behind a command's name, taken one by one.</summary>
/// <param name="command">The command's name, for messages.</param>
/// <param name="words">The words.</param>
internal sealed class CommandWords(string command, IReadOnlyList<string> words)
{
    private int _next;

    /// <summary>Takes the next word.</summary>
    internal bool TryNext(out string word)
    {
        bool isThere = _next < words.Count;
        word = isThere ? words[_next++] : "";
        return isThere;
    }

    /// <summary>Takes the word behind an option.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    internal string ValueOf(string option) => TryNext(out string word) ? word
        : throw new CommandException($"{option} wants a value: help {command} says which");

    /// <summary>A mistake for an option that there is not.</summary>
    internal CommandException Unknown(string option) =>
        new($"{command} has no option {option}: help {command} says which it has");

    /// <summary>A mistake for words too many or too few.</summary>
    internal CommandException Wrong(string wants) => new($"{command} wants {wants}: help {command} says more");

    /// <summary>A number as C writes it: decimal, or hex with 0x.</summary>
    internal static bool TryParseNumber(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
