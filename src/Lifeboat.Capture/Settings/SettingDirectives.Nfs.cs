namespace Lifeboat.Capture.Settings;

/// <content>Exports of NFS servers.</content>
public static partial class SettingDirectives
{
    private static SettingDirective Nfs() => Target(
        "nfs",
        NfsTarget.Parse,
        "server:/export, then vers=3, 4, 4.0, 4.1 or 4.2, port=, mountport=, timeo=TENTHS, retrans=",
        "the NFS export to save to; say vers=, else 4.1, 4.0, 4.2 and 3 are tried");
}
