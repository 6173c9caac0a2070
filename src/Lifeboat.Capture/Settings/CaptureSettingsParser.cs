using System.Globalization;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Settings;

/// <summary>Reads the settings file line by line and tells of every line that it does not understand.</summary>
internal sealed class CaptureSettingsParser(string fileName)
{
    private const int MaxLines = 10_000;
    private const int MaxPathLength = 1024;
    private const int MaxHostNameLength = 64;

    private static readonly string[] Actions = ["reboot", "halt", "poweroff"];

    private static readonly string[] Directives =
    [
        .. TargetModules.FileSystems, "path", "final_action", "failure_action", "disk_timeout", "dump_level",
        "compression", "deadline", "threads", "hostname",
    ];

    // Directives of kdump.conf that this version does not carry out. Taking them silently would lose a dump.
    private static readonly string[] KdumpOnly =
    [
        "raw", "nfs", "ssh", "sshkey", "ext2", "ext3", "xfs", "minix", "btrfs", "virtiofs", "core_collector",
        "kdump_pre", "kdump_post", "kdump_emergency", "extra_bins", "extra_modules", "default", "force_rebuild",
        "force_no_rebuild", "dracut_args", "fence_kdump_args", "fence_kdump_nodes", "auto_reset_crashkernel",
    ];

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private CaptureSettings _settings = new();
    private int _line;

    /// <summary>Whether a host's name can be part of a folder's name as it is.</summary>
    internal static bool IsHostName(string name) =>
        name.Length is > 0 and <= MaxHostNameLength && name[0] is not ('.' or '-')
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    internal CaptureSettings Parse(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (++_line > MaxLines)
            {
                Bad("too many lines", $"at most {MaxLines}");
                break;
            }

            int comment = line.IndexOf('#');
            ReadOnlySpan<char> content = (comment < 0 ? line : line[..comment]).Trim();
            if (!content.IsEmpty)
            {
                int space = content.IndexOfAny(' ', '\t');
                string directive = (space < 0 ? content : content[..space]).ToString();
                Apply(directive, space < 0 ? "" : content[space..].Trim().ToString());
            }
        }

        return _diagnostics.Count == 0 ? _settings : throw new DiagnosticException(_diagnostics);
    }

    private void Apply(string directive, string value)
    {
        string kind = TargetModules.FileSystems.Contains(directive, StringComparer.Ordinal) ? "target" : directive;
        if (!Directives.Contains(directive, StringComparer.Ordinal))
        {
            Bad(
                KdumpOnly.Contains(directive, StringComparer.Ordinal)
                    ? $"{directive}, a directive of kdump.conf that is not supported here"
                    : directive,
                "one of " + string.Join(", ", Directives));
        }
        else if (!_seen.TryAdd(kind, _line))
        {
            Bad($"{directive} again, after line {_seen[kind]}", "one line for each setting");
        }
        else if (value.Length == 0 || value.Contains('\0'))
        {
            Bad(directive + " without a value", Accepted(directive));
        }
        else if (!TrySet(directive, value))
        {
            Bad($"{directive} {value}", Accepted(directive));
        }
    }

    private bool TrySet(string directive, string value)
    {
        int number = 0;
        string? action = null;
        switch (directive)
        {
            case "path" when value[0] == '/' && value.Length <= MaxPathLength && !value.Split('/').Contains(".."):
                _settings = _settings with { Path = value };
                return true;
            case "final_action" when IsAction():
                _settings = _settings with { FinalAction = ActionOf(action!) };
                return true;
            case "failure_action" when IsAction():
                _settings = _settings with { FailureAction = ActionOf(action!) };
                return true;
            case "disk_timeout" when IsNumber(0, 3600):
                _settings = _settings with { DiskTimeout = TimeSpan.FromSeconds(number) };
                return true;
            case "dump_level" when IsNumber(0, (int)DumpLevel.All):
                _settings = _settings with { Level = (DumpLevel)number };
                return true;
            case "compression" when DumpCompressionNames.TryParse(value, out DumpCompression compression):
                _settings = _settings with { Compression = compression };
                return true;
            case "deadline" when IsNumber(10, 86_400):
                _settings = _settings with { Deadline = TimeSpan.FromSeconds(number) };
                return true;
            case "threads" when IsNumber(1, 64):
                _settings = _settings with { Threads = number };
                return true;
            case "hostname" when IsHostName(value):
                _settings = _settings with { HostName = value };
                return true;
            case "path" or "final_action" or "failure_action" or "disk_timeout" or "dump_level" or "compression"
                or "deadline" or "threads" or "hostname":
                return false;
            default:
                if (!DeviceSelector.TryParse(value, out DeviceSelector? device))
                {
                    return false;
                }

                _settings = _settings with { Target = new DumpTarget(directive, device) };
                return true;
        }

        bool IsNumber(int least, int most) =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number >= least && number <= most;

        bool IsAction() => (action = Actions.FirstOrDefault(name => name == value)) is not null;
    }

    private static PowerAction ActionOf(string name) => name switch
    {
        "reboot" => PowerAction.Reboot,
        "halt" => PowerAction.Halt,
        _ => PowerAction.PowerOff,
    };

    private static string Accepted(string directive) => directive switch
    {
        "path" => $"an absolute path without '..' of at most {MaxPathLength} characters",
        "final_action" or "failure_action" => string.Join(", ", Actions),
        "disk_timeout" => "seconds, 0 to 3600",
        "dump_level" => "0 to 31",
        "compression" => string.Join(", ", DumpCompressionNames.All),
        "deadline" => "seconds, 10 to 86400",
        "threads" => "1 to 64",
        "hostname" => $"at most {MaxHostNameLength} letters, digits, dots, dashes and underscores",
        _ => "UUID=..., LABEL=... or /dev/...",
    };

    private void Bad(string found, string expected) =>
        _diagnostics.Add(new Diagnostic(CaptureDiagnostics.BadSetting, "A setting is not understood")
        {
            Where = $"{fileName}:{_line}",
            Found = found,
            Expected = expected,
        });
}
