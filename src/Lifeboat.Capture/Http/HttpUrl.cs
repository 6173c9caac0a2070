using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lifeboat.Capture.Http;

/// <summary>
/// An address that files are sent to: <c>https://dumps.example:8443/files/</c>. Without user, query and fragment, which a target has
/// no use for.
/// </summary>
public sealed record HttpUrl
{
    private const int MaxLength = 1024;
    private const int MaxHostLength = 253;
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    private HttpUrl(bool isSecure, string host, int port, string path)
    {
        IsSecure = isSecure;
        Host = host;
        Port = port;
        Path = path;
    }

    /// <summary>Whether TLS is spoken.</summary>
    public bool IsSecure { get; }

    /// <summary>The host in lower case: a name, or an address without brackets.</summary>
    public string Host { get; }

    /// <summary>The port, 1 to 65535.</summary>
    public int Port { get; }

    /// <summary>The path, with a slash at its begin, and one at its end where it was written so.</summary>
    public string Path { get; }

    /// <summary>The host and, where it is not the usual one, the port, as a request names them.</summary>
    public string Authority
    {
        get
        {
            string host = Host.Contains(':') ? $"[{Host}]" : Host;
            return Port == (IsSecure ? HttpsPort : HttpPort) ? host : $"{host}:{Port.ToString(CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>The host where it is an address; null when it is a name, which is resolved when the ramdisk is built.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out IPAddress? address) ? address : null;

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HttpUrl? url)
    {
        url = null;
        bool isSecure = text.StartsWith("https://", StringComparison.Ordinal);
        if (text.Length > MaxLength || !(isSecure || text.StartsWith("http://", StringComparison.Ordinal)))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.AsSpan(isSecure ? 8 : 7);
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> authority = slash < 0 ? rest : rest[..slash];
        ReadOnlySpan<char> path = slash < 0 ? "/" : rest[slash..];
        if (!TrySplit(authority, isSecure ? HttpsPort : HttpPort, out string? host, out int port) || !IsPath(path))
        {
            return false;
        }

        url = new HttpUrl(isSecure, host, port, path.ToString());
        return true;
    }

    /// <summary>The path of something below this one.</summary>
    /// <param name="names">Its names, one a level; characters that a path cannot have are escaped.</param>
    public string Below(params ReadOnlySpan<string> names)
    {
        string path = Path.TrimEnd('/');
        foreach (string name in names)
        {
            path = $"{path}/{PercentEncoding.Encode(name)}";
        }

        return path;
    }

    /// <summary>The URL of a path on the same host.</summary>
    public string WithPath(string path) => $"{(IsSecure ? "https" : "http")}://{Authority}{path}";

    /// <inheritdoc/>
    public override string ToString() => WithPath(Path);

    private static bool TrySplit(ReadOnlySpan<char> authority, int usualPort, [NotNullWhen(true)] out string? host, out int port)
    {
        host = null;
        port = usualPort;
        int end = authority.Length > 0 && authority[0] == '[' ? authority.IndexOf(']') + 1 : authority.IndexOf(':');
        end = end < 0 ? authority.Length : end;
        ReadOnlySpan<char> number = authority[end..];
        if (number.Length > 0
            && !(number[0] == ':' && int.TryParse(number[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= 65535 && number[1] != '0'))
        {
            return false;
        }

        string name = authority[..end].ToString().ToLowerInvariant();
        if (name.Length > 2 && name[0] == '[')
        {
            name = name[1..^1];
            host = IPAddress.TryParse(name, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !name.Contains('%')
                ? address.ToString() : null;
        }
        else if (IsHost(name))
        {
            host = name;
        }

        return host is not null;
    }

    private static bool IsHost(string name)
    {
        if (name.Length is 0 or > MaxHostLength || name[0] is '.' or '-' || name.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPath(ReadOnlySpan<char> path)
    {
        foreach (char character in path)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !"/-._~%!$&'()*+,;=:@".Contains(character))
            {
                return false;
            }
        }

        return !path.ToString().Contains("/../", StringComparison.Ordinal) && !path.EndsWith("/..");
    }
}
