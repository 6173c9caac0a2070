namespace Lifeboat.Capture.Settings.Import;

/// <summary>Reads Debian's /etc/default/kdump-tools (kdump-tools(5) of 1.8 and 1.10).</summary>
internal sealed class DebianImport
{
    private const string Retries = "how long a server is tried is timeo= and retrans= of its line; then the next target is";
    private const string Timeo = "NFS_TIMEO";
    private const string Retrans = "NFS_RETRANS";
    private const string Ftp = "FTP is not spoken: ssh, nfs, https and s3 reach other machines";
    private const string Loading = "the kernel and its ramdisk are named to lifeboat arm";
    private const string CommandLine = "it goes on the capture kernel's command line: lifeboat arm --append, or --command-line for all of it";

    private static readonly string[] Carried =
    [
        "KDUMP_COREDIR", "KDUMP_NUM_DUMPS", "NFS", Timeo, Retrans, "SSH", "SSH_KEY", "KDUMP_FAIL_CMD", "MAKEDUMP_ARGS",
    ];

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
        new("NFS_MOUNT_RETRY", Retries, isLoss: true),
        new("FTP", Ftp, isLoss: true),
        new("FTP_USER", Ftp, isLoss: true),
        new("FTP_PASSWORD", Ftp, isLoss: true),
        new("FTP_PORT", Ftp, isLoss: true),
    ];

    private readonly ImportBuilder _builder;

    // What is said of the NFS server elsewhere goes on the target's own line.
    private readonly string _nfsOptions;

    // Whether another machine is named, on which the folder then is.
    private readonly bool _isElsewhere;

    private DebianImport(IReadOnlyList<ShellStatement> statements, ImportBuilder builder)
    {
        _isElsewhere = statements.Any(static statement => statement.Setting is { Name: "NFS" or "SSH" or "FTP", Value.Length: > 0 });
        _builder = builder;
        _nfsOptions = Option(statements, Timeo, "timeo") + Option(statements, Retrans, "retrans");
    }

    internal static int Score(IReadOnlyList<ShellStatement> statements) => ShellSettings.Score(statements, Rules, Carried);

    internal static void Read(IReadOnlyList<ShellStatement> statements, ImportBuilder builder) =>
        ShellSettings.Read(statements, Rules, new DebianImport(statements, builder).Apply, builder);

    private static string Option(IReadOnlyList<ShellStatement> statements, string name, string option) =>
        ShellSettings.Find(statements, name) is { Length: > 0 } value ? $" {option}={value}" : "";

    private bool Apply(ForeignSetting setting)
    {
        switch (setting.Name)
        {
            case "KDUMP_NUM_DUMPS" when setting.Value == "0":
                _builder.Leave(setting, "it is so here anyway");
                return true;
            case "KDUMP_NUM_DUMPS":
                _builder.Carry(setting, "keep_dumps", setting.Value);
                return true;
            case "NFS":
                _builder.Carry(setting, "nfs", setting.Value + _nfsOptions);
                return true;
            case Timeo or Retrans:
                _builder.Leave(setting, "it goes on the line of nfs");
                return true;
            case "SSH":
                _builder.Carry(setting, "ssh", setting.Value);
                return true;
            case "SSH_KEY":
                _builder.Carry(setting, "sshkey", setting.Value);
                return true;
            case "KDUMP_COREDIR":
                ForeignWords.CarryFolder(setting, _isElsewhere ? "path" : SettingDirectives.Local, setting.Value, _builder);
                return true;
            case "MAKEDUMP_ARGS":
                MakedumpfileWords.Import(ForeignWords.Split(setting.Value), setting, isWhole: true, _builder);
                return true;
            case "KDUMP_FAIL_CMD" when ForeignWords.ActionOf(setting.Value) is { } action:
                _builder.Carry(setting, "failure_action", action);
                return true;
            case "KDUMP_FAIL_CMD":
                _builder.Lose(setting, "no command of a shell: failure_action takes reboot, halt, poweroff, shell; kdump_post runs a program");
                return true;
            default:
                return false;
        }
    }
}
