using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.Settings;

/// <summary>An export of an NFS server that a crash is saved to: <c>nfs server:/export vers=4.2</c>.</summary>
/// <param name="Server">The server, a name or an address; IPv6 without brackets.</param>
/// <param name="Export">What it exports, an absolute path.</param>
public sealed record NfsTarget(string Server, string Export) : DumpTarget
{
    private const int MaxLength = 1024;
    private const int MaxHostLength = 253;
    private const int MaxPort = 65535;

    // Ten minutes in tenths of a second, as the kernel has it.
    private const int MaxTimeout = 6000;
    private const int MaxRetries = 100;

    /// <inheritdoc/>
    public override string Directive => "nfs";

    /// <inheritdoc/>
    public override string Host => Server;

    /// <summary>The version of the protocol, <c>3</c>, <c>4</c>, <c>4.0</c>, <c>4.1</c> or <c>4.2</c>; null tries them.</summary>
    public string? Version { get; init; }

    /// <summary>The server's port; 0 for the usual one.</summary>
    public int Port { get; init; }

    /// <summary>The port of version 3's mount protocol; 0 asks the server's portmapper.</summary>
    public int MountPort { get; init; }

    /// <summary>Tenths of a second that an answer is waited for.</summary>
    public int Timeout { get; init; } = 150;

    /// <summary>How often a request is sent again before it has failed.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The server and its export, as <c>mount</c> takes them.</summary>
    public string Source => Server.Contains(':') ? $"[{Server}]:{Export}" : $"{Server}:{Export}";

    /// <inheritdoc/>
    public override string Value
    {
        get
        {
            var text = new StringBuilder(Source);
            if (Version is not null)
            {
                text.Append(" vers=").Append(Version);
            }

            Add("port", Port, 0);
            Add("mountport", MountPort, 0);
            Add("timeo", Timeout, 150);
            Add("retrans", Retries, 2);
            return text.ToString();

            void Add(string name, int value, int usual)
            {
                if (value != usual)
                {
                    text.Append(' ').Append(name).Append('=').Append(value.ToString(CultureInfo.InvariantCulture));
                }
            }
        }
    }

    /// <summary>Reads what follows the directive; null when it is not understood.</summary>
    public static NfsTarget? Parse(string value)
    {
        string[] words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        NfsTarget? target = words.Length == 0 ? null : ParseSource(words[0]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 1; i < words.Length && target is not null; i++)
        {
            int equals = words[i].IndexOf('=');
            target = equals > 0 && seen.Add(words[i][..equals]) ? target.With(words[i][..equals], words[i][(equals + 1)..]) : null;
        }

        return target;
    }

    private static NfsTarget? ParseSource(string text)
    {
        int end = text.IndexOf(":/", StringComparison.Ordinal);
        if (end <= 0 || text.Length > MaxLength)
        {
            return null;
        }

        string server = text[..end];
        bool isBracketed = server[0] == '[' && server[^1] == ']';
        server = isBracketed ? server[1..^1] : server;
        string export = text[(end + 1)..];
        return server.Length is > 0 and <= MaxHostLength && server[0] != '-' && server.Contains(':') == isBracketed
            && IsHost(server) && !export.Split('/').Contains("..")
            ? new NfsTarget(server, export) : null;
    }

    private static bool IsHost(string text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_' or ':'))
            {
                return false;
            }
        }

        return true;
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number : null;

    private NfsTarget? With(string name, string value) => name switch
    {
        "vers" or "nfsvers" => value is "3" or "4" or "4.0" or "4.1" or "4.2" ? this with { Version = value } : null,
        "port" => Number(value, 1, MaxPort) is { } port ? this with { Port = port } : null,
        "mountport" => Number(value, 1, MaxPort) is { } port ? this with { MountPort = port } : null,
        "timeo" => Number(value, 1, MaxTimeout) is { } tenths ? this with { Timeout = tenths } : null,
        "retrans" => Number(value, 0, MaxRetries) is { } retries ? this with { Retries = retries } : null,
        _ => null,
    };
}
