using System.Globalization;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Settings.Import;

/// <summary>Makes settings of ours out of another program's. Nothing of a file is run or expanded.</summary>
public static class SettingsImport
{
    /// <summary>The longest text that is read; real files have a few KiB.</summary>
    public const int MaxLength = 1024 * 1024;

    // What Red Hat's file of SUSE's name has: how the kernel is loaded, nothing of the capture.
    private static readonly string[] RedHatNames =
    [
        "KDUMP_COMMANDLINE_REMOVE", "KEXEC_ARGS", "KDUMP_BOOTDIR", "KDUMP_IMG", "KDUMP_IMG_EXT", "KDUMP_STDLOGLVL", "KDUMP_SYSLOGLVL",
        "KDUMP_KMSGLOGLVL", "KDUMP_KERNELVER", "KDUMP_COMMANDLINE", "KDUMP_COMMANDLINE_APPEND", "FADUMP_COMMANDLINE_APPEND",
    ];

    /// <summary>Reads another program's settings.</summary>
    /// <param name="text">The file's text, whatever it holds.</param>
    /// <param name="fileName">Its name, for messages.</param>
    /// <param name="source">Whose settings they are; null to tell by what stands there.</param>
    /// <exception cref="DiagnosticException">The text is too long, or nothing tells whose settings they are.</exception>
    public static ImportedSettings Read(string text, string fileName, SettingsSource? source)
    {
        if (text.Length > MaxLength)
        {
            throw Unknown(
                fileName, "The file is too long for settings", string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters"),
                string.Create(CultureInfo.InvariantCulture, $"at most {MaxLength}"), remedy: null);
        }

        IReadOnlyList<ShellStatement> statements = source == SettingsSource.KdumpConf ? [] : ShellAssignments.Read(text);
        SettingsSource from = source ?? Tell(text, statements, fileName);
        var builder = new ImportBuilder();
        switch (from)
        {
            case SettingsSource.KdumpConf:
                KdumpConfImport.Read(text, builder);
                break;
            case SettingsSource.DebianKdumpTools:
                DebianImport.Read(statements, builder);
                break;
            default:
                SuseImport.Read(statements, builder);
                break;
        }

        return builder.Build(fileName, from);
    }

    private static SettingsSource Tell(string text, IReadOnlyList<ShellStatement> statements, string fileName)
    {
        int kdump = KdumpConfImport.Score(text);
        int debian = DebianImport.Score(statements);
        int suse = SuseImport.Score(statements);
        int redHat = ShellSettings.Score(statements, [], RedHatNames);
        if (redHat > Math.Max(suse, Math.Max(kdump, debian)))
        {
            throw Unknown(
                fileName, "This file says how Fedora and RHEL load the capture kernel, nothing of what it does", "settings of kexec",
                "kdump.conf", "Import /etc/kdump.conf");
        }

        return kdump > Math.Max(debian, suse) ? SettingsSource.KdumpConf
            : debian > Math.Max(kdump, suse) ? SettingsSource.DebianKdumpTools
            : suse > Math.Max(kdump, debian) ? SettingsSource.SuseKdump
            : throw Unknown(
                fileName, "Nothing tells whose settings these are", "no setting that only one program has",
                "kdump.conf, Debian's /etc/default/kdump-tools or SUSE's /etc/sysconfig/kdump", "Say it with --from");
    }

    private static DiagnosticException Unknown(string fileName, string what, string found, string expected, string? remedy) =>
        new(new Diagnostic(CaptureDiagnostics.UnknownSettingsFile, what)
        {
            Where = fileName,
            Found = found,
            Expected = expected,
            Remedy = remedy,
        });
}
