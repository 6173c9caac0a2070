namespace Lifeboat.Cli.Personalities.Getopt;

/// <summary>Reads a command line as the C library's getopt_long does.</summary>
/// <remarks>
/// Options and operands come in any order; <c>--</c> ends the options; one-letter options can be bundled, and a value
/// can follow at once or as the next word; a long option can be shortened as long as it is the only one that begins so.
/// </remarks>
internal sealed class GetoptReader(IReadOnlyList<string> words, IReadOnlyList<GetoptOption> options)
{
    private readonly List<string> _operands = [];
    private int _next;
    private string _bundle = "";

    /// <summary>The words that are neither options nor their values; all of them once reading has ended.</summary>
    public IReadOnlyList<string> Operands => _operands;

    /// <summary>What is wrong with the command line, in the C library's words; null when nothing is so far.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next option; false at the end, or when something is wrong.</summary>
    /// <param name="option">The option, by its whole name.</param>
    /// <param name="value">Its value; empty when it takes none.</param>
    public bool TryRead(out GetoptOption option, out string value)
    {
        option = null!;
        value = "";
        if (_bundle.Length > 0)
        {
            return TryReadLetter(ref option, ref value);
        }

        while (_next < words.Count)
        {
            string word = words[_next++];
            if (word == "--")
            {
                AddOperands();
            }
            else if (word.StartsWith("--", StringComparison.Ordinal))
            {
                return TryReadLong(word, ref option, ref value);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                _bundle = word[1..];
                return TryReadLetter(ref option, ref value);
            }
            else
            {
                _operands.Add(word);
            }
        }

        return false;
    }

    private void AddOperands()
    {
        while (_next < words.Count)
        {
            _operands.Add(words[_next++]);
        }
    }

    private bool TryReadLetter(ref GetoptOption option, ref string value)
    {
        char letter = _bundle[0];
        string rest = _bundle[1..];
        if (Find($"-{letter}") is not { } found)
        {
            return Fail($"invalid option -- '{letter}'");
        }

        option = found;
        _bundle = rest;
        if (!found.TakesValue)
        {
            return true;
        }

        _bundle = "";
        if (rest.Length == 0 && _next == words.Count)
        {
            return Fail($"option requires an argument -- '{letter}'");
        }

        value = rest.Length > 0 ? rest : words[_next++];
        return true;
    }

    private bool TryReadLong(string word, ref GetoptOption option, ref string value)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word : word[..equals];
        if (Find(name) is not { } found)
        {
            List<GetoptOption> candidates = FindBeginning(name);
            if (candidates.Count != 1)
            {
                return Fail(candidates.Count == 0 ? $"unrecognized option '{name}'" : Ambiguous(word, candidates));
            }

            found = candidates[0];
        }

        option = found;
        if (equals >= 0)
        {
            value = word[(equals + 1)..];
            return found.TakesValue || Fail($"option '{found.Name}' doesn't allow an argument");
        }

        if (!found.TakesValue)
        {
            return true;
        }

        if (_next == words.Count)
        {
            return Fail($"option '{found.Name}' requires an argument");
        }

        value = words[_next++];
        return true;
    }

    private static string Ambiguous(string word, List<GetoptOption> candidates)
    {
        string names = "";
        foreach (GetoptOption candidate in candidates)
        {
            names += $" '{candidate.Name}'";
        }

        return $"option '{word}' is ambiguous; possibilities:{names}";
    }

    private GetoptOption? Find(string name)
    {
        foreach (GetoptOption option in options)
        {
            if (option.Name == name)
            {
                return option;
            }
        }

        return null;
    }

    private List<GetoptOption> FindBeginning(string name)
    {
        var found = new List<GetoptOption>();
        foreach (GetoptOption option in options)
        {
            if (option.Name.StartsWith(name, StringComparison.Ordinal))
            {
                found.Add(option);
            }
        }

        return found;
    }

    private bool Fail(string error)
    {
        Error = error;
        return false;
    }
}
