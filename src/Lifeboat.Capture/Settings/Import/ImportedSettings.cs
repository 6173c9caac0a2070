using System.Globalization;
using System.Text;

namespace Lifeboat.Capture.Settings.Import;

/// <summary>Another program's settings as ours: the lines that they became, and what has become no line, with the reason.</summary>
public sealed class ImportedSettings
{
    private readonly string _fileName;

    internal ImportedSettings(
        string fileName, SettingsSource source, CaptureSettings settings, IReadOnlyList<ImportedLine> lines, IReadOnlyList<ImportNote> notes)
    {
        _fileName = fileName;
        Source = source;
        Settings = settings;
        Lines = lines;
        Notes = notes;
    }

    /// <summary>Whose settings they were.</summary>
    public SettingsSource Source { get; }

    /// <summary>The settings that <see cref="ToText"/> says.</summary>
    public CaptureSettings Settings { get; }

    /// <summary>The lines that came of them.</summary>
    public IReadOnlyList<ImportedLine> Lines { get; }

    /// <summary>What became no line, in the file's order, what is about the whole file last.</summary>
    public IReadOnlyList<ImportNote> Notes { get; }

    /// <summary>Whose settings they were, in words.</summary>
    public string SourceName => Source switch
    {
        SettingsSource.KdumpConf => "kdump.conf of Fedora and RHEL",
        SettingsSource.DebianKdumpTools => "Debian's kdump-tools",
        _ => "SUSE's kdump",
    };

    /// <summary>
    /// A settings file: <see cref="CaptureSettings.Parse"/> takes it and gives <see cref="Settings"/>. What was lost stands in
    /// its comments.
    /// </summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {SettingText.Shown(_fileName)} ({SourceName}), as lifeboat config import reads it\n");
        AppendLines(text, static line => line.Directive.Group == SettingDirectives.TargetGroup);
        foreach (SettingDirective directive in SettingDirectives.All)
        {
            AppendLines(text, line => line.Directive == directive && directive.Group != SettingDirectives.TargetGroup);
        }

        AppendNotes(text, "Not carried over", isLoss: true);
        AppendNotes(text, "Needs no line here", isLoss: false);
        return text.ToString();
    }

    private void AppendLines(StringBuilder text, Predicate<ImportedLine> isOne)
    {
        foreach (ImportedLine line in Lines)
        {
            if (isOne(line))
            {
                text.Append(CultureInfo.InvariantCulture, $"{line.Directive.Name} {line.Value}    # {line.Name}, line {line.From}\n");
            }
        }
    }

    private void AppendNotes(StringBuilder text, string title, bool isLoss)
    {
        bool isFirst = true;
        foreach (ImportNote note in Notes)
        {
            if (note.IsLoss == isLoss)
            {
                text.Append(isFirst ? $"\n# {title}\n" : "");
                isFirst = false;
                string place = note.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"line {note.Line}: ");
                text.Append(CultureInfo.InvariantCulture, $"# {place}{note.Text}\n#     {note.Reason}\n");
            }
        }
    }
}
