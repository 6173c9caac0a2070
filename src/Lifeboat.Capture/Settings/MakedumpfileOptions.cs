namespace Lifeboat.Capture.Settings;

/// <summary>What the options of a makedumpfile command ask for.</summary>
/// <remarks>Source: makedumpfile(8) of 1.7.</remarks>
internal sealed class MakedumpfileOptions
{
    private const string ShortWithValue = "bdgiLx";

    private static readonly string[] LongWithValue =
    [
        "--message-level", "--num-threads", "--config", "--eppic", "--extension", "--diskset", "--cyclic-buffer", "--splitblock-size",
        "--work-dir", "--xen-syms", "--xen-vmcoreinfo", "--xen_phys_start", "--vtop",
    ];

    // They are about makedumpfile's own buffers, messages and sources, or about a stream, which is none here.
    private static readonly string[] OfNoConcern =
    [
        "-b", "-D", "-F", "-f", "-g", "-i", "-v", "-x", "--message-level", "--cyclic-buffer", "--non-cyclic", "--non-mmap",
        "--splitblock-size", "--work-dir", "--show-stats",
    ];

    private readonly List<string> _notNeeded = [];
    private readonly List<string> _unknown = [];

    private MakedumpfileOptions()
    {
    }

    /// <summary>What follows -d, as it stands there; null without.</summary>
    internal string? Level { get; private set; }

    /// <summary>The codec, by the name that the settings have for it; null for none.</summary>
    internal string? Compression { get; private set; }

    /// <summary>What follows --num-threads; null without.</summary>
    internal string? Threads { get; private set; }

    /// <summary>Whether an ELF file is wanted (-E).</summary>
    internal bool IsElf { get; private set; }

    /// <summary>Options that a capture does without and loses nothing.</summary>
    internal IReadOnlyList<string> NotNeeded => _notNeeded;

    /// <summary>Options that ask for what a capture does not do, and words that are none.</summary>
    internal IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Reads options.</summary>
    /// <param name="words">The words after the program's name.</param>
    internal static MakedumpfileOptions Parse(IReadOnlyList<string> words)
    {
        var options = new MakedumpfileOptions();
        for (int at = 0; at < words.Count; at++)
        {
            string? next = at + 1 < words.Count ? words[at + 1] : null;
            at += options.Take(words[at], next) ? 1 : 0;
        }

        return options;
    }

    // Whether the next word was taken as a value.
    private bool Take(string word, string? next)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            int equals = word.IndexOf('=');
            string name = equals < 0 ? word : word[..equals];
            bool takesValue = Array.IndexOf(LongWithValue, name) >= 0;
            Take(name, takesValue && equals >= 0 ? word[(equals + 1)..] : takesValue ? next ?? "" : "", word);
            return takesValue && equals < 0;
        }

        if (word.Length < 2 || word[0] != '-')
        {
            _unknown.Add(word);
            return false;
        }

        for (int at = 1; at < word.Length; at++)
        {
            bool takesValue = ShortWithValue.Contains(word[at]);
            bool isLast = at + 1 == word.Length;
            Take($"-{word[at]}", !takesValue ? "" : isLast ? next ?? "" : word[(at + 1)..], $"-{word[at]}");
            if (takesValue)
            {
                return isLast;
            }
        }

        return false;
    }

    private void Take(string name, string value, string shown)
    {
        switch (name)
        {
            case "-c":
                Compression = "zlib";
                break;
            case "-l":
                Compression = "lzo";
                break;
            case "-p":
                Compression = "snappy";
                break;
            case "-z":
                Compression = "zstd";
                break;
            case "-d":
                Level = value;
                break;
            case "--num-threads":
                Threads = value;
                break;
            case "-E":
                IsElf = true;
                break;
            default:
                (Array.IndexOf(OfNoConcern, name) >= 0 ? _notNeeded : _unknown).Add(shown);
                break;
        }
    }
}
