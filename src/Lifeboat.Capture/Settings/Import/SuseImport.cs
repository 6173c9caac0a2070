using System.Globalization;

namespace Lifeboat.Capture.Settings.Import;

/// <summary>Reads SUSE's /etc/sysconfig/kdump (kdump(5) of 2.1, and settings of older ones).</summary>
internal sealed class SuseImport
{
    private const string Mail = "no mail is sent from the capture kernel; kdump_post can do what it takes";
    private const string HostKey = "KDUMP_HOST_KEY";
    private const string Network = "the network is taken from the way that the running machine goes to the target";
    private const string Programs = "a program that sends the dump itself is not called: see the kinds of targets";
    private const string Shell = "there is a shell after a failure only: failure_action shell";
    private const string CommandLine = "it goes on the capture kernel's command line: lifeboat arm --append, or --command-line for all of it";
    private const string Firmware = "firmware-assisted dumps are not done";
    private const string Reservation = "crashkernel= is left alone: lifeboat crashkernel proposes, explains and shrinks";
    private const string File = "file://";
    private const string AnyKey = "*";
    private const string True = "yes 1 true";
    private const string False = "no 0 false";

    private static readonly string[] Carried =
        ["KDUMP_SAVEDIR", "KDUMP_DUMPLEVEL", "KDUMP_DUMPFORMAT", "MAKEDUMPFILE_OPTIONS", "KDUMP_IMMEDIATE_REBOOT", "KDUMP_KEEP_OLD_DUMPS",
            "KDUMP_FREE_DISK_SIZE", "KDUMP_REQUIRED_PROGRAMS", "KDUMP_PRESCRIPT", "KDUMP_POSTSCRIPT",
            "KDUMP_NET_TIMEOUT", "KDUMP_SSH_IDENTITY", "KDUMP_CONTINUE_ON_ERROR", HostKey];

    private static readonly ForeignRule[] Rules =
    [
        new("KDUMP_KERNELVER", "the kernel is named to lifeboat arm", isLoss: false),
        new("KDUMP_CRASHKERNEL", Reservation, isLoss: false),
        new("KDUMP_UPDATE_BOOTLOADER", Reservation, isLoss: false),
        new("KDUMP_AUTO_RESIZE", Reservation, isLoss: true, harmless: False),
        new("KDUMP_CPUS", "how many CPUs the capture kernel starts is nr_cpus= on its command line (lifeboat arm --append); see threads, too",
            isLoss: true, harmless: "1"),
        new("KDUMP_COMMANDLINE", CommandLine, isLoss: true),
        new("KDUMP_COMMANDLINE_APPEND", CommandLine, isLoss: true),
        new("FADUMP_COMMANDLINE_APPEND", CommandLine, isLoss: true),
        new("KEXEC_OPTIONS", "options of kexec: see lifeboat arm --help", isLoss: true),
        new("KDUMP_FADUMP", Firmware, isLoss: true, harmless: False),
        new("KDUMP_FADUMP_SHELL", Firmware, isLoss: true, harmless: False),
        new("KDUMP_TRANSFER", Programs, isLoss: true),
        new("KDUMP_COPY_KERNEL", "the kernel is not copied: the dump is explained without it", isLoss: true, harmless: False),
        new("KDUMP_VERBOSE", "progress is always told on the console", isLoss: false),
        new("KDUMPTOOL_FLAGS", "flags of kdumptool", isLoss: true),
        new("KDUMP_NETCONFIG", Network, isLoss: true, harmless: "auto"),
        new("KDUMP_SMTP_SERVER", Mail, isLoss: true),
        new("KDUMP_SMTP_USER", Mail, isLoss: true),
        new("KDUMP_SMTP_PASSWORD", Mail, isLoss: true),
        new("KDUMP_NOTIFICATION_TO", Mail, isLoss: true),
        new("KDUMP_NOTIFICATION_CC", Mail, isLoss: true),
    ];

    private readonly ImportBuilder _builder;
    private readonly string? _format;

    // The host key has a setting of its own there, and goes on the target's line here.
    private readonly string? _hostKey;

    private SuseImport(IReadOnlyList<ShellStatement> statements, ImportBuilder builder)
    {
        _builder = builder;
        _format = ShellSettings.Find(statements, "KDUMP_DUMPFORMAT");
        _hostKey = ShellSettings.Find(statements, HostKey) is { } key && key.Contains(' ') ? key : null;
    }

    internal static int Score(IReadOnlyList<ShellStatement> statements) => ShellSettings.Score(statements, Rules, Carried);

    internal static void Read(IReadOnlyList<ShellStatement> statements, ImportBuilder builder) =>
        ShellSettings.Read(statements, Rules, new SuseImport(statements, builder).Apply, builder);

    private bool Apply(ForeignSetting setting)
    {
        switch (setting.Name)
        {
            case "KDUMP_SAVEDIR":
                ApplyFolder(setting);
                return true;
            case "KDUMP_DUMPLEVEL" when string.Equals(_format, "raw", StringComparison.Ordinal):
                _builder.Leave(setting, "KDUMP_DUMPFORMAT raw keeps every page");
                return true;
            case "KDUMP_DUMPLEVEL":
                _builder.Carry(setting, "dump_level", setting.Value);
                return true;
            case "KDUMP_DUMPFORMAT":
                ApplyFormat(setting);
                return true;
            case "MAKEDUMPFILE_OPTIONS":
                MakedumpfileWords.Import(ForeignWords.Split(setting.Value), setting, isWhole: false, _builder);
                return true;
            case "KDUMP_IMMEDIATE_REBOOT" when True.Split(' ').Contains(setting.Value):
                _builder.Carry(setting, "final_action", "reboot");
                return true;
            case "KDUMP_IMMEDIATE_REBOOT":
                _builder.Lose(setting, Shell);
                return true;
            case "KDUMP_KEEP_OLD_DUMPS":
                ApplyKeptDumps(setting);
                return true;
            case "KDUMP_REQUIRED_PROGRAMS":
                _builder.Carry(setting, "extra_bins", setting.Value);
                return true;
            case "KDUMP_PRESCRIPT":
                _builder.Carry(setting, "kdump_pre", setting.Value);
                return true;
            case "KDUMP_POSTSCRIPT":
                _builder.Carry(setting, "kdump_post", setting.Value);
                return true;
            case "KDUMP_FREE_DISK_SIZE":
                _builder.Carry(setting, "keep_free", setting.Value + "M");
                return true;
            case "KDUMP_SSH_IDENTITY":
                _builder.Carry(setting, "sshkey", setting.Value);
                return true;
            case "KDUMP_CONTINUE_ON_ERROR" when True.Split(' ').Contains(setting.Value):
                _builder.Leave(setting, "it is so here anyway");
                return true;
            case "KDUMP_CONTINUE_ON_ERROR":
                _builder.Carry(setting, "failure_action", "shell");
                return true;
            case HostKey when setting.Value == AnyKey:
                _builder.Lose(setting, "a host is never taken for another: its key is taken from known_hosts");
                return true;
            case HostKey when _hostKey is null:
                _builder.Lose(setting, "the key's kind is missing: ssh user@host hostkey=\"ssh-ed25519 AAAA...\", else it is taken from known_hosts");
                return true;
            case HostKey:
                _builder.Leave(setting, "it goes on the line of ssh");
                return true;
            case "KDUMP_NET_TIMEOUT":
                _builder.Carry(setting, "net_timeout", setting.Value);
                return true;
            default:
                return false;
        }
    }

    // Old ones are counted there, the new one among them here; 0 keeps all, -1 none.
    private void ApplyKeptDumps(ForeignSetting setting)
    {
        if (setting.Value == "0")
        {
            _builder.Leave(setting, "it is so here anyway");
        }
        else if (int.TryParse(setting.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int old) && old is >= -1 and < int.MaxValue)
        {
            _builder.Carry(setting, "keep_dumps", (old < 0 ? 1 : old + 1).ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            _builder.Lose(setting, "no number of dumps");
        }
    }

    private void ApplyFolder(ForeignSetting setting)
    {
        string[] folders = ForeignWords.Split(setting.Value);
        if (folders.Length != 1)
        {
            _builder.Lose(setting, "a dump split over several folders is not done: say one");
        }
        else if (folders[0].StartsWith(File, StringComparison.OrdinalIgnoreCase))
        {
            ForeignWords.CarryFolder(setting, SettingDirectives.Local, folders[0][File.Length..], _builder);
        }
        else if (folders[0].StartsWith('/'))
        {
            ForeignWords.CarryFolder(setting, SettingDirectives.Local, folders[0], _builder);
        }
        else
        {
            SaveUrl.Carry(setting, folders[0], _hostKey, _builder);
        }
    }

    private void ApplyFormat(ForeignSetting setting)
    {
        switch (setting.Value)
        {
            case "compressed":
                _builder.Carry(setting, "compression", "zlib");
                break;
            case "lzo" or "snappy" or "zstd":
                _builder.Carry(setting, "compression", setting.Value);
                break;
            case "raw" or "ELF":
                if (setting.Value == "raw")
                {
                    _builder.Carry(setting, "dump_level", "0");
                }

                _builder.Carry(setting, "compression", "none");
                _builder.Lose(setting, "the dump is kdump-compressed; lifeboat filter --format elf makes an ELF file of it");
                break;
            case "none":
                _builder.Lose(setting, "the dump is always saved, after log and report");
                break;
            default:
                _builder.Lose(setting, "no format that SUSE's kdump has");
                break;
        }
    }
}
