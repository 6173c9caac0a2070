namespace Lifeboat.Capture.Settings;

/// <content>Targets that are reached by HTTP.</content>
public static partial class SettingsCheck
{
    private static void CheckUpload(SettingsFile file, int line, UploadTarget target, List<SettingFinding> findings)
    {
        if (target.Url is { IsSecure: true, Address: not null } && target.CertificateFile is null)
        {
            findings.Add(Finding(file, line, isError: true, "A server by its address cannot be told by its CA", target.Url.Host,
                "the host's name, or cert=FILE", "Name the host as its certificate does, or give that certificate by cert="));
        }

        if (!target.Url.IsSecure && file.Settings.SealTo is null)
        {
            findings.Add(Finding(file, line, isError: false, "Everything that the machine knew crosses the network in the clear", $"{target.Url}",
                "https, or seal_to", "Say https with ca=FILE or cert=FILE, or seal the files by seal_to"));
        }
        else if (!target.Url.IsSecure && target is HttpTarget { TokenFile: { } token })
        {
            findings.Add(Finding(file, line, isError: false, "The token crosses the network in the clear", token,
                "https", "Say https with ca=FILE or cert=FILE"));
        }
    }
}
