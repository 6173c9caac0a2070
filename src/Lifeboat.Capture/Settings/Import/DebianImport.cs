namespace Lifeboat.Capture.Settings.Import;

/// <summary>Reads Debian's /etc/default/kdump-tools (kdump-tools(5) of 1.8 and 1.10).</summary>
internal static class DebianImport
{
    private const string Nfs = "an option of the target's line: nfs server:/export timeo= retrans=";
    private const string Ftp = "FTP is not spoken: ssh, nfs, https and s3 reach other machines";
    private const string Loading = "the kernel and its ramdisk are named to lifeboat arm";
    private const string CommandLine = "it goes on the capture kernel's command line: lifeboat arm --append, or --command-line for all of it";

    private static readonly string[] Carried = ["KDUMP_COREDIR", "KDUMP_NUM_DUMPS", "NFS", "SSH", "SSH_KEY", "KDUMP_FAIL_CMD", "MAKEDUMP_ARGS"];

    private static readonly ForeignRule[] Rules =
    [
        new("USE_KDUMP", "whether a capture kernel is loaded at boot is decided by what calls lifeboat arm", isLoss: false),
        new("KDUMP_SYSCTL", "when the kernel panics is not the capture's affair: lifeboat status tells", isLoss: false),
        new("KDUMP_KERNEL", Loading, isLoss: false),
        new("KDUMP_INITRD", Loading, isLoss: false),
        new("DEBUG_KERNEL", "the dump is explained without it", isLoss: false),
        new("KDUMP_KEXEC_ARGS", "options of kexec: see lifeboat arm --help", isLoss: true),
        new("KDUMP_CMDLINE", CommandLine, isLoss: true),
        new("KDUMP_CMDLINE_APPEND", CommandLine, isLoss: true),
        new("KDUMP_DUMP_DMESG", "the log is always saved", isLoss: true, harmless: "1"),
        new("KDUMP_COMPRESSION", "the pages of the dump are packed one by one, so that it can be read in place: see compression", isLoss: true),
        new("HOSTTAG", "folders have the machine's name, not its address", isLoss: true, harmless: "hostname"),
        new("NFS_TIMEO", Nfs, isLoss: true),
        new("NFS_RETRANS", Nfs, isLoss: true),
        new("NFS_MOUNT_RETRY", Nfs, isLoss: true),
        new("FTP", Ftp, isLoss: true),
        new("FTP_USER", Ftp, isLoss: true),
        new("FTP_PASSWORD", Ftp, isLoss: true),
        new("FTP_PORT", Ftp, isLoss: true),
    ];

    internal static int Score(IReadOnlyList<ShellStatement> statements) => ShellSettings.Score(statements, Rules, Carried);

    internal static void Read(IReadOnlyList<ShellStatement> statements, ImportBuilder builder) =>
        ShellSettings.Read(statements, Rules, setting => Apply(setting, builder), builder);

    private static bool Apply(ForeignSetting setting, ImportBuilder builder)
    {
        switch (setting.Name)
        {
            case "KDUMP_NUM_DUMPS" when setting.Value == "0":
                builder.Leave(setting, "it is so here anyway");
                return true;
            case "KDUMP_NUM_DUMPS":
                builder.Carry(setting, "keep_dumps", setting.Value);
                return true;
            case "NFS":
                builder.Carry(setting, "nfs", setting.Value);
                return true;
            case "SSH":
                builder.Carry(setting, "ssh", setting.Value);
                return true;
            case "SSH_KEY":
                builder.Carry(setting, "sshkey", setting.Value);
                return true;
            case "KDUMP_COREDIR":
                ForeignWords.CarryPath(setting, setting.Value, builder);
                return true;
            case "MAKEDUMP_ARGS":
                MakedumpfileWords.Import(ForeignWords.Split(setting.Value), setting, isWhole: true, builder);
                return true;
            case "KDUMP_FAIL_CMD" when ForeignWords.ActionOf(setting.Value) is { } action:
                builder.Carry(setting, "failure_action", action);
                return true;
            case "KDUMP_FAIL_CMD":
                builder.Lose(setting, "no program but lifeboat runs at the crash; failure_action takes reboot, halt, poweroff");
                return true;
            default:
                return false;
        }
    }
}
