namespace Lifeboat.Capture.Settings.Import;

/// <summary>Whose settings a file has.</summary>
public enum SettingsSource
{
    /// <summary>kdump.conf of Fedora and RHEL (kdump-utils, formerly kexec-tools).</summary>
    KdumpConf,

    /// <summary>/etc/default/kdump-tools of Debian and Ubuntu.</summary>
    DebianKdumpTools,

    /// <summary>/etc/sysconfig/kdump of SUSE.</summary>
    SuseKdump,
}
