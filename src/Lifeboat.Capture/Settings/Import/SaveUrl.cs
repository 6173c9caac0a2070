using System.Globalization;

namespace Lifeboat.Capture.Settings.Import;

/// <summary>A place to save to as SUSE's kdump writes it: <c>ssh://user@host:port/folder</c>, <c>nfs://host/export</c>.</summary>
internal static class SaveUrl
{
    private const string Separator = "://";

    /// <summary>Writes the target that a URL names.</summary>
    /// <param name="setting">The setting that has it.</param>
    /// <param name="url">The URL.</param>
    /// <param name="hostKey">The host key that a server of ssh must have, its kind and the key; null for what known_hosts says.</param>
    /// <param name="builder">Takes what comes of it.</param>
    internal static void Carry(ForeignSetting setting, string url, string? hostKey, ImportBuilder builder)
    {
        int end = url.IndexOf(Separator, StringComparison.Ordinal);
        string scheme = end < 0 ? "" : url[..end].ToLowerInvariant();
        string rest = end < 0 ? "" : url[(end + Separator.Length)..];
        int slash = rest.IndexOf('/');
        string authority = slash < 0 ? rest : rest[..slash];
        string folder = slash < 0 ? "/" : rest[slash..];
        int at = authority.LastIndexOf('@');
        string user = at < 0 ? "root" : authority[..at];
        string host = authority[(at + 1)..];
        string port = "";
        int colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']') && ushort.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            (host, port) = (host[..colon], string.Create(CultureInfo.InvariantCulture, $" port={number}"));
        }

        switch (scheme)
        {
            case "nfs" when at < 0:
                builder.Carry(setting, "nfs", $"{host}:{folder}{port}");
                break;
            case "ssh" or "sftp" when !user.Contains(':', StringComparison.Ordinal):
                builder.Carry(setting, "ssh", $"{user}@{host}{port}{(folder == "/" ? "" : " path=" + folder)}{(hostKey is null ? "" : $" hostkey=\"{hostKey}\"")}");
                break;
            case "ssh" or "sftp":
                builder.Lose(setting, "ssh asks for no password at a crash: make a key, and say ssh user@host key=FILE");
                break;
            default:
                builder.Lose(setting, "no target of this kind: ssh, nfs, https and s3 reach other machines");
                break;
        }
    }
}
