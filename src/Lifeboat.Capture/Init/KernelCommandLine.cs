using System.Diagnostics.CodeAnalysis;

namespace Lifeboat.Capture.Init;

/// <summary>The command line a kernel was booted with: words, of which some are <c>name=value</c>.</summary>
public sealed class KernelCommandLine
{
    private readonly List<string> _words = [];

    private KernelCommandLine()
    {
    }

    /// <summary>The words, without their quotes.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Reads the running kernel's, from /proc/cmdline.</summary>
    /// <exception cref="IOException">/proc is not mounted.</exception>
    public static KernelCommandLine ReadRunning() => Parse(File.ReadAllText("/proc/cmdline"));

    /// <summary>Splits a command line as the kernel does: at spaces that are not between double quotes.</summary>
    public static KernelCommandLine Parse(string text)
    {
        var line = new KernelCommandLine();
        var word = new System.Text.StringBuilder();
        bool quoted = false;
        foreach (char character in text.Append(' '))
        {
            if (character == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && char.IsWhiteSpace(character))
            {
                if (word.Length > 0)
                {
                    line._words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(character);
            }
        }

        if (word.Length > 0)
        {
            line._words.Add(word.ToString());
        }

        return line;
    }

    /// <summary>The value of <c>name=value</c>; of several the last.</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
    {
        string prefix = name + "=";
        value = _words.LastOrDefault(word => word.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        return value is not null;
    }

    /// <summary>Whether the word is there by itself.</summary>
    public bool Contains(string word) => _words.Contains(word, StringComparer.Ordinal);
}
