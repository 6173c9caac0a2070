using System.Text;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Network;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Settings;

/// <summary>
/// What a capture is to do: the file <c>/etc/lifeboat/lifeboat.conf</c>, a directive a line in the grammar of
/// <c>kdump.conf(5)</c>, whose directives keep their meaning.
/// </summary>
/// <remarks>
/// <code>
/// ext4 UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11
/// path /var/crash
/// dump_level 31              # not in kdump.conf
/// </code>
/// <see cref="SettingDirectives"/> has them all, with what each takes and means.
/// </remarks>
public sealed record CaptureSettings
{
    /// <summary>What holds where a file says nothing.</summary>
    public static CaptureSettings Defaults { get; } = new();

    /// <summary>Where to save, tried in this order until one has everything; none when the file names none.</summary>
    public DumpTargets Targets { get; init; } = DumpTargets.None;

    /// <summary>The folder on it, an absolute path.</summary>
    public string Path { get; init; } = "/var/crash";

    /// <summary>The secret key that ssh logs in with, where a target says none; kdump.conf's default.</summary>
    public string SshKey { get; init; } = "/root/.ssh/kdump_id_rsa";

    /// <summary>What to do when everything was saved.</summary>
    public PowerAction FinalAction { get; init; } = PowerAction.Reboot;

    /// <summary>What to do when it was not.</summary>
    public PowerAction FailureAction { get; init; } = PowerAction.Reboot;

    /// <summary>Which pages to leave out.</summary>
    public DumpLevel Level { get; init; } = DumpLevel.All;

    /// <summary>What is overwritten in the dump.</summary>
    public EraseLines Erase { get; init; } = EraseLines.Unsaid;

    /// <summary>How the dump's pages are packed.</summary>
    public DumpCompression Compression { get; init; } = DumpCompression.Zstd;

    /// <summary>The time for everything; whatever hangs, the machine gets its final action then.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How long nothing may go forward; then the machine gets its final action.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long the machine's watchdogs wait for a sign before they reset it; null leaves them alone.</summary>
    public TimeSpan? Watchdog { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait for the target's device to appear.</summary>
    public TimeSpan DiskTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for network card, carrier and address.</summary>
    public TimeSpan NetTimeout { get; init; } = NetworkSetup.DefaultTimeout;

    /// <summary>The most that <see cref="Threads"/> may be.</summary>
    internal const int MaxThreads = 64;

    /// <summary>Threads that compress; null for as many as the capture kernel has CPUs.</summary>
    public int? Threads { get; init; }

    /// <summary>The host's name for the dump's folder; null takes the crashed machine's own.</summary>
    public string? HostName { get; init; }

    /// <summary>What it may take of time and room.</summary>
    public CaptureBudget Budget { get; init; } = new();

    /// <summary>Programs and modules of this machine for the ramdisk.</summary>
    public CapturePrograms Programs { get; init; } = new();

    /// <summary>
    /// The public keys that all files are sealed to before they leave the machine, as the line says them; null when they are
    /// not sealed.
    /// </summary>
    public string? SealTo { get; init; }

    /// <summary>Reads settings.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">Its name, for errors.</param>
    /// <exception cref="DiagnosticException">Lines are not understood; one diagnostic for each, with its number.</exception>
    public static CaptureSettings Parse(string text, string fileName)
    {
        var file = SettingsFile.Read(text, fileName);
        return file.Errors.Count == 0
            ? file.Settings
            : throw new DiagnosticException([.. file.Errors.Select(error => error.Diagnostic)]);
    }

    /// <summary>The settings as a file's text; <see cref="Parse"/> gives equal settings.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (DumpTarget target in Targets)
        {
            text.Append(target).Append('\n');
        }

        foreach (SettingDirective directive in SettingDirectives.All)
        {
            foreach (string value in directive.Group == SettingDirectives.TargetGroup ? [] : directive.ValuesIn(this))
            {
                text.Append(directive.Name).Append(' ').Append(value).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>An action as the settings file and the milestones name it.</summary>
    internal static string NameOf(PowerAction action) => action switch
    {
        PowerAction.Reboot => "reboot",
        PowerAction.Halt => "halt",
        PowerAction.Shell => "shell",
        _ => "poweroff",
    };
}
