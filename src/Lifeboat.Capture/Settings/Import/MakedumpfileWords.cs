namespace Lifeboat.Capture.Settings.Import;

/// <summary>The options of a makedumpfile command, as <c>dump_level</c>, <c>compression</c> and <c>threads</c>.</summary>
internal sealed class MakedumpfileWords
{
    private const string ShortWithValue = "bdgiLx";

    private static readonly string[] LongWithValue =
    [
        "--message-level", "--num-threads", "--config", "--eppic", "--extension", "--diskset", "--cyclic-buffer", "--splitblock-size",
        "--work-dir", "--xen-syms", "--xen-vmcoreinfo", "--xen_phys_start", "--vtop",
    ];

    // They are about makedumpfile's own buffers, messages and sources, or about a stream, which is none here.
    private static readonly string[] NotNeeded =
    [
        "-b", "-D", "-F", "-f", "-g", "-i", "-v", "-x", "--message-level", "--cyclic-buffer", "--non-cyclic", "--non-mmap",
        "--splitblock-size", "--work-dir", "--show-stats",
    ];

    private readonly List<string> _notNeeded = [];
    private readonly List<string> _lost = [];
    private string? _level;
    private string? _compression;
    private string? _threads;
    private bool _isElf;

    private MakedumpfileWords()
    {
    }

    /// <summary>Imports options.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <param name="setting">The setting that has them.</param>
    /// <param name="isWhole">Whether these are all options: without a codec makedumpfile packs nothing, without -d it keeps every page.</param>
    /// <param name="builder">Takes what comes of them.</param>
    internal static void Import(IReadOnlyList<string> words, ForeignSetting setting, bool isWhole, ImportBuilder builder)
    {
        var options = new MakedumpfileWords();
        for (int at = 0; at < words.Count; at++)
        {
            string? next = at + 1 < words.Count ? words[at + 1] : null;
            at += options.Take(words[at], next) ? 1 : 0;
        }

        options.Tell(setting, isWhole, builder);
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
            _lost.Add(word);
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
                _compression = "zlib";
                break;
            case "-l":
                _compression = "lzo";
                break;
            case "-p":
                _compression = "snappy";
                break;
            case "-z":
                _compression = "zstd";
                break;
            case "-d":
                _level = value;
                break;
            case "--num-threads":
                _threads = value;
                break;
            case "-E":
                _isElf = true;
                break;
            default:
                (Array.IndexOf(NotNeeded, name) >= 0 ? _notNeeded : _lost).Add(shown);
                break;
        }
    }

    private void Tell(ForeignSetting setting, bool isWhole, ImportBuilder builder)
    {
        string? levels = _level ?? (isWhole ? "0" : null);
        if (levels is not null)
        {
            string[] each = levels.Split(',');
            builder.Carry(setting, "dump_level", each[0]);
            if (each.Length > 1)
            {
                builder.Lose(setting, $"-d {SettingText.Shown(levels)}: one level only; a full target does not raise it yet");
            }
        }

        if ((_compression ?? (isWhole ? "none" : null)) is { } compression)
        {
            builder.Carry(setting, "compression", compression);
        }

        if (_threads is not null and not "0")
        {
            builder.Carry(setting, "threads", _threads);
        }

        if (_isElf)
        {
            builder.Lose(setting, "-E: the dump is kdump-compressed; lifeboat filter --format elf makes an ELF file of it");
        }

        if (_lost.Count > 0)
        {
            builder.Lose(setting, $"{Listed(_lost)}: a capture does no such thing");
        }

        if (_notNeeded.Count > 0)
        {
            builder.Leave(setting, $"{Listed(_notNeeded)}: not needed here");
        }
    }

    private static string Listed(List<string> words) => SettingText.Shown(string.Join(", ", words));
}
