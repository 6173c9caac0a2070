namespace Lifeboat.Capture.Settings;

/// <content>The targets that take one stream.</content>
public static partial class SettingDirectives
{
    private static SettingDirective Raw() => Target(
        "raw",
        RawTarget.Parse,
        "/dev/... or PARTUUID=..., then overwrite=yes if what it holds may be lost",
        "the partition or disk to save to without a filesystem; it holds the last crash only (lifeboat fetch-raw)");

    private static SettingDirective Ssh() => Target(
        "ssh",
        SshTarget.Parse,
        "user@host, then port=, key=FILE, hostkey=\"ssh-ed25519 AAAA...\" or hostkey=FILE, command=sftp, receive or cat, path=/...",
        "the machine to send to through ssh");

    private static SettingDirective SshKey() => new(
        "sshkey",
        static (settings, value) => IsPath(value) ? settings with { SshKey = value } : null,
        static settings => settings.SshKey)
    {
        Accepted = "an absolute path without '..'",
        Meaning = "the secret key that ssh logs in with, where its line says none",
    };
}
