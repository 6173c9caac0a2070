namespace Lifeboat.Capture.Settings;

/// <summary>What a target's line says after the directive: a word, then words <c>name=value</c>, each name once, in any order.</summary>
internal sealed class TargetWords
{
    private readonly List<string> _options = [];

    /// <summary>Cuts a line's value into words.</summary>
    internal TargetWords(string value)
    {
        string[] words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        First = words.Length > 0 ? words[0] : "";
        _options.AddRange(words.AsSpan(Math.Min(1, words.Length)));
    }

    /// <summary>The first word; empty when there is none.</summary>
    internal string First { get; }

    /// <summary>Whether all options were taken: what is left is unknown, or said twice.</summary>
    internal bool AreTaken => _options.Count == 0;

    /// <summary>Takes an option; null when it is not there.</summary>
    internal string? Take(string name)
    {
        for (int i = 0; i < _options.Count; i++)
        {
            string option = _options[i];
            if (option.Length > name.Length && option[name.Length] == '=' && option.StartsWith(name, StringComparison.Ordinal))
            {
                _options.RemoveAt(i);
                return option[(name.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>Takes the option of a file, an absolute path; false when it is none.</summary>
    internal bool TryTakeFile(string name, out string? path)
    {
        path = Take(name);
        return path is null || (path.Length is > 1 and <= 1024 && path[0] == '/' && path[^1] != '/' && !$"{path}/".Contains("/../", StringComparison.Ordinal)
            && !$"{path}/".Contains("/./", StringComparison.Ordinal));
    }

    /// <summary>An option as it is written; nothing for one that is not there.</summary>
    internal static string Write(string name, string? value) => value is null ? "" : $" {name}={value}";
}
