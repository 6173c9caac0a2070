using System.Globalization;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Settings;

/// <summary>All directives of the settings file, in the order that a file of ours has them.</summary>
public static partial class SettingDirectives
{
    /// <summary>The directive of a folder of the running system.</summary>
    public const string Local = "local";

    /// <summary>The group of the directives that say where to.</summary>
    public const string TargetGroup = "target";

    private const int MaxPathLength = 1024;
    private const int MaxHostNameLength = 64;
    private const string AllThreads = "all";
    private const string Actions = "reboot, halt, poweroff";

    /// <summary>The directives: those that are carried out, those that stand for lines of these, then those that are known and are not carried out.</summary>
    public static IReadOnlyList<SettingDirective> All { get; } = [.. CarriedOut(), .. Shorthands(), .. NotCarriedOut()];

    /// <summary>The names of those that are carried out, for messages.</summary>
    internal static string Names { get; } =
        string.Join(", ", All.Where(directive => directive.IsCarriedOut).Select(directive => directive.Name));

    /// <summary>Finds a directive by its name; null when there is none.</summary>
    public static SettingDirective? Find(string name) =>
        All.FirstOrDefault(directive => directive.Name == name);

    /// <summary>Whether a host's name can be part of a folder's name as it is.</summary>
    internal static bool IsHostName(string name) =>
        name.Length is > 0 and <= MaxHostNameLength && name[0] is not ('.' or '-')
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    private static IEnumerable<SettingDirective> CarriedOut() =>
    [
        .. TargetModules.FileSystems.Select(FileSystem),
        Target(
            Local,
            static value => IsPath(value) ? new LocalTarget(value.Length > 1 ? value.TrimEnd('/') : value) : null,
            "the absolute path of a folder of the running system",
            "a folder to save to: ramdisk build finds the filesystem that it lies on"),
        .. Uploads(),
        Nfs(),
        Raw(),
        Ssh(),
        SshKey(),
        new(
            "path",
            static (settings, value) => IsPath(value) ? settings with { Path = value } : null,
            static settings => settings.Path)
        {
            Accepted = $"an absolute path without '..' of at most {MaxPathLength} characters",
            Meaning = "the folder on the target; each crash gets one of its own in it",
        },
        new(
            "final_action",
            static (settings, value) => PowerActionOf(value) is { } action ? settings with { FinalAction = action } : null,
            static settings => CaptureSettings.NameOf(settings.FinalAction))
        {
            Accepted = Actions,
            Meaning = "what to do when everything was saved",
        },
        new(
            "failure_action",
            static (settings, value) => value == "shell" ? settings with { FailureAction = PowerAction.Shell }
                : PowerActionOf(value) is { } action ? settings with { FailureAction = action } : null,
            static settings => CaptureSettings.NameOf(settings.FailureAction))
        {
            Accepted = Actions + ", shell",
            Meaning = "what to do when it was not; shell gives a person one on the console, and reboots when it ends",
        },
        new(
            "disk_timeout",
            static (settings, value) => Number(value, 0, 3600) is { } number
                ? settings with { DiskTimeout = TimeSpan.FromSeconds(number) } : null,
            static settings => Seconds(settings.DiskTimeout))
        {
            Accepted = "seconds, 0 to 3600",
            Meaning = "how long to wait for the target's device to appear",
        },
        new(
            "dump_level",
            static (settings, value) => Number(value, 0, (int)DumpLevel.All) is { } number
                ? settings with { Level = (DumpLevel)number } : null,
            static settings => Text((int)settings.Level))
        {
            Accepted = "0 to 31",
            Meaning = "which pages to leave out, a sum: 1 zero, 2 cache, 4 private cache, 8 user, 16 free (makedumpfile's -d)",
        },
        Erase(),
        new(
            "compression",
            static (settings, value) => DumpCompressionNames.TryParse(value, out DumpCompression compression)
                ? settings with { Compression = compression } : null,
            static settings => DumpCompressionNames.NameOf(settings.Compression))
        {
            Accepted = string.Join(", ", DumpCompressionNames.All),
            Meaning = "how the dump's pages are packed",
        },
        new(
            "deadline",
            static (settings, value) => Number(value, 10, 86_400) is { } number
                ? settings with { Deadline = TimeSpan.FromSeconds(number) } : null,
            static settings => Seconds(settings.Deadline))
        {
            Accepted = "seconds, 10 to 86400",
            Meaning = "the time for everything; whatever hangs, failure_action comes then",
        },
        new(
            "threads",
            static (settings, value) => value == AllThreads ? settings with { Threads = null }
                : Number(value, 1, CaptureSettings.MaxThreads) is { } number ? settings with { Threads = number } : null,
            static settings => settings.Threads is { } number ? Text(number) : AllThreads)
        {
            Accepted = $"{AllThreads}, or 1 to {CaptureSettings.MaxThreads}",
            Meaning = "threads that compress: all CPUs that the capture kernel has (nr_cpus= of arm --append), or so many",
        },
        new(
            "hostname",
            static (settings, value) => IsHostName(value) ? settings with { HostName = value } : null,
            static settings => settings.HostName)
        {
            Accepted = $"at most {MaxHostNameLength} letters, digits, dots, dashes and underscores",
            Meaning = "the host's name in the name of the crash's folder",
            Unset = "the crashed machine's own",
        },
        new(
            "seal_to",
            static (settings, value) => SealRecipients.TryParse(value) is { } keys
                ? settings with { SealTo = SealRecipients.ToText(keys) } : null,
            static settings => settings.SealTo)
        {
            Accepted = "public keys of age, age1..., separated by blanks",
            Meaning = "seal every file to these keys before it leaves the machine, which cannot open them; lifeboat unseal or age -d does",
            Unset = "nothing is sealed",
        },
        .. Budget(),
        .. Programs(),
        .. Network(),
    ];

    private static SettingDirective FileSystem(string kind) => Target(
        kind,
        value => FileSystemTarget.Parse(kind, value),
        "UUID=..., LABEL=... or /dev/..., then perhaps path=FOLDER instead of that of path",
        $"the {kind} filesystem to save to");

    // A kind of target: its line adds one to those of the lines before.
    private static SettingDirective Target(
        string name, Func<string, DumpTarget?> read, string accepted, string meaning) =>
        new(
            name,
            (settings, value) => read(value) is { } target ? settings with { Targets = settings.Targets.With(target) } : null,
            settings => settings.Targets.FirstOf(name)?.Value)
        {
            Accepted = accepted,
            Meaning = meaning,
            Unset = "none: a crash cannot be saved",
            Group = TargetGroup,
            IsRepeatable = true,
        };

    internal static bool IsPath(string value) =>
        value[0] == '/' && value.Length <= MaxPathLength && !value.Split('/').Contains("..");

    private static int? Number(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= most ? number : null;

    private static PowerAction? PowerActionOf(string name) => name switch
    {
        "reboot" => PowerAction.Reboot,
        "halt" => PowerAction.Halt,
        "poweroff" => PowerAction.PowerOff,
        _ => null,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => Text((int)span.TotalSeconds);
}
