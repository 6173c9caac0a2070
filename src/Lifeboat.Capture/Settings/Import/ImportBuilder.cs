namespace Lifeboat.Capture.Settings.Import;

/// <summary>Collects what becomes of another program's settings.</summary>
internal sealed class ImportBuilder
{
    private readonly List<ImportedLine> _lines = [];
    private readonly List<ImportNote> _notes = [];
    private CaptureSettings _settings = CaptureSettings.Defaults;

    /// <summary>The settings so far.</summary>
    internal CaptureSettings Settings => _settings;

    /// <summary>Writes a line of ours for a setting; when ours cannot say the value, that is noted.</summary>
    internal void Carry(ForeignSetting setting, string directiveName, string value)
    {
        SettingDirective directive = SettingDirectives.Find(directiveName)!;
        foreach (ImportedLine line in _lines)
        {
            if (line.Directive.Group == directive.Group && !directive.IsRepeatable)
            {
                Lose(setting, $"{line.Directive.Name} comes from line {line.From} already: one line for each setting");
                return;
            }
        }

        if (directive.Apply(_settings, value) is { } settings)
        {
            _settings = settings;
            _lines.Add(new ImportedLine(directive, value, setting.Line, setting.Name));
        }
        else
        {
            Lose(setting, $"{directive.Name} takes {directive.Accepted}");
        }
    }

    /// <summary>Notes that something is missing.</summary>
    internal void Lose(ForeignSetting setting, string reason) => Note(setting, reason, isLoss: true);

    /// <summary>Notes that a setting needs no line of ours.</summary>
    internal void Leave(ForeignSetting setting, string reason) => Note(setting, reason, isLoss: false);

    internal ImportedSettings Build(string fileName, SettingsSource source)
    {
        if (_settings.Targets.Count == 0)
        {
            _notes.Add(new ImportNote(
                0,
                "target",
                "no target: a crash could not be saved",
                $"add a line such as ext4 UUID=...: findmnt -T {SettingText.Shown(_settings.Path)} names the filesystem of that folder on "
                + "the machine that this file is from, blkid DEVICE its UUID; path counts from the filesystem's own root",
                isLoss: true));
        }

        return new ImportedSettings(fileName, source, _settings, _lines, _notes);
    }

    private void Note(ForeignSetting setting, string reason, bool isLoss) =>
        _notes.Add(new ImportNote(setting.Line, SettingText.Shown(setting.Name), SettingText.Shown(setting.Shown), reason, isLoss));
}
