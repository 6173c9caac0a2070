using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.Settings;

/// <summary>Another machine that a crash is sent to through ssh, by the host's own OpenSSH client.</summary>
/// <param name="User">The name to log in by.</param>
/// <param name="Host">The machine: a name or an address.</param>
public sealed record SshTarget(string User, string Host) : DumpTarget
{
    /// <summary>The port of ssh.</summary>
    public const int DefaultPort = 22;

    private const int MaxLength = 1024;

    /// <inheritdoc/>
    public override string Directive => "ssh";

    /// <inheritdoc/>
    public override string Host { get; } = Host;

    /// <summary>The port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The file of the secret key to log in with; null for the one of the line <c>sshkey</c>.</summary>
    public string? Key { get; init; }

    /// <summary>The far side's public key, <c>ssh-ed25519 AAAA...</c>, or a file that has it; null for what root's known_hosts
    /// says when the ramdisk is built.</summary>
    public string? HostKey { get; init; }

    /// <summary>What takes the crash there.</summary>
    public SshCommand Command { get; init; }

    /// <summary>The folder there; null for the one of the line <c>path</c>.</summary>
    public string? Path { get; init; }

    /// <inheritdoc/>
    public override string Value
    {
        get
        {
            var text = new StringBuilder(Host.Contains(':') ? $"{User}@[{Host}]" : $"{User}@{Host}");
            Add("port", Port == DefaultPort ? null : Port.ToString(CultureInfo.InvariantCulture));
            Add("key", Key);
            Add("hostkey", HostKey);
            Add("command", Command == default ? null : NameOf(Command));
            Add("path", Path);
            return text.ToString();

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    text.Append(' ').Append(name).Append(value.Contains(' ') ? $"=\"{value}\"" : $"={value}");
                }
            }
        }
    }

    /// <summary>Reads what follows the directive; null when it is not understood.</summary>
    public static SshTarget? Parse(string value)
    {
        if (Words(value) is not { Count: > 0 } words)
        {
            return null;
        }

        // A user may have no '@' in the name; a host neither.
        string[] who = words[0].Split('@');
        if (who.Length != 2 || !IsName(who[0], "._-") || who[1].Length == 0)
        {
            return null;
        }

        string host = who[1].StartsWith('[') && who[1].EndsWith(']') ? who[1][1..^1] : who[1];
        SshTarget? target = IsName(host, ".-:_%") ? new SshTarget(who[0], host) : null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 1; i < words.Count && target is not null; i++)
        {
            int equals = words[i].IndexOf('=');
            target = equals > 0 && seen.Add(words[i][..equals]) ? target.With(words[i][..equals], words[i][(equals + 1)..]) : null;
        }

        return target;
    }

    /// <summary>Whether a text is a public key as ssh writes them: its kind, its bytes in base64.</summary>
    internal static bool IsPublicKey(string text)
    {
        string[] words = text.Split(' ');
        return words.Length == 2 && words[0].Length <= 64 && words[1].Length is >= 16 and <= 4096
            && IsName(words[0], "-@.") && IsName(words[1], "+/=");
    }

    private static string NameOf(SshCommand command) => command switch
    {
        SshCommand.Receive => "receive",
        SshCommand.Cat => "cat",
        _ => "sftp",
    };

    // Nothing in it means anything to a shell, and nothing is taken for an option.
    private static bool IsPath(string text) =>
        text.StartsWith('/') && text.Length is > 1 and <= MaxLength && IsName(text[1..], "/._-") && !text.Contains("..", StringComparison.Ordinal);

    private static bool IsName(string text, string also)
    {
        if (text.Length is 0 or > 4096 || text[0] == '-')
        {
            return false;
        }

        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !also.Contains(character))
            {
                return false;
            }
        }

        return true;
    }

    private static List<string>? Words(string value)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isQuoted = false;
        foreach (char character in value)
        {
            if (character == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (character is ' ' or '\t' && !isQuoted)
            {
                Take();
            }
            else
            {
                word.Append(character);
            }
        }

        Take();
        return isQuoted ? null : words;

        void Take()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    private SshTarget? With(string name, string value) => name switch
    {
        "port" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
            ? this with { Port = port } : null,
        "key" => IsPath(value) ? this with { Key = value } : null,
        "hostkey" => IsPath(value) || IsPublicKey(value) ? this with { HostKey = value } : null,
        "path" => IsPath(value) ? this with { Path = value } : null,
        "command" => value switch
        {
            "receive" => this with { Command = SshCommand.Receive },
            "cat" => this with { Command = SshCommand.Cat },
            "sftp" => this with { Command = SshCommand.Sftp },
            _ => null,
        },
        _ => null,
    };
}
