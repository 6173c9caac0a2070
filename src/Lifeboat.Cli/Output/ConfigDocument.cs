using System.Text.Json;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Settings.Import;

namespace Lifeboat.Cli.Output;

/// <summary>What <c>lifeboat config</c> says of a settings file, as a JSON document (docs/json.md).</summary>
internal sealed class ConfigDocument
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Whose settings were imported.</summary>
    public string? Source { get; init; }

    /// <summary>The settings, in the order of our directives.</summary>
    public IReadOnlyList<ConfigSetting>? Settings { get; init; }

    /// <summary>What is wrong or doubtful, or what was not imported.</summary>
    public IReadOnlyList<ConfigFinding>? Findings { get; init; }

    /// <summary>The imported settings as a file.</summary>
    public string? Text { get; init; }

    /// <summary>The document of <c>config show</c>.</summary>
    public static ConfigDocument Show(SettingsFile file)
    {
        var settings = new List<ConfigSetting>();
        AddTargets(file, settings);
        foreach (SettingDirective directive in SettingDirectives.All)
        {
            if (directive is { IsCarriedOut: true, IsShorthand: false } && directive.Group != SettingDirectives.TargetGroup)
            {
                settings.Add(new ConfigSetting
                {
                    Name = directive.Name,
                    Value = directive.ValuesIn(file.Settings) is { Count: > 0 } values ? string.Join("; ", values) : directive.Default ?? "",
                    Line = file.LineOf(directive)?.Number,
                    Default = directive.Default,
                    Meaning = directive.Meaning,
                });
            }
        }

        return new ConfigDocument { Path = file.Name, Settings = settings };
    }

    /// <summary>The document of <c>config check</c>, and of <c>ramdisk check</c>.</summary>
    public static ConfigDocument Check(string path, IReadOnlyList<SettingFinding> findings)
    {
        var told = new List<ConfigFinding>();
        foreach (SettingFinding finding in findings)
        {
            told.Add(new ConfigFinding
            {
                Line = finding.Line == 0 ? null : finding.Line,
                Where = finding.Diagnostic.Where,
                IsError = finding.IsError,
                Id = finding.Diagnostic.Id.ToString(),
                What = finding.Diagnostic.What,
                Found = finding.Diagnostic.Found,
                Expected = finding.Diagnostic.Expected,
                Remedy = finding.Diagnostic.Remedy,
            });
        }

        return new ConfigDocument { Path = path, Findings = told };
    }

    /// <summary>The document of <c>config import</c>.</summary>
    public static ConfigDocument Import(string path, ImportedSettings imported)
    {
        var settings = new List<ConfigSetting>();
        foreach (ImportedLine line in imported.Lines)
        {
            settings.Add(new ConfigSetting { Name = line.Directive.Name, Value = line.Value, Line = line.From, From = line.Name });
        }

        var notes = new List<ConfigFinding>();
        foreach (ImportNote note in imported.Notes)
        {
            notes.Add(new ConfigFinding
            {
                Line = note.Line == 0 ? null : note.Line,
                IsError = note.IsLoss,
                What = note.IsLoss ? "not carried over" : "needs no line",
                Found = note.Text,
                Remedy = note.Reason,
            });
        }

        return new ConfigDocument
        {
            Path = path,
            Source = imported.Source.ToString(),
            Settings = settings,
            Findings = notes,
            Text = imported.ToText(),
        };
    }

    private static void AddTargets(SettingsFile file, List<ConfigSetting> settings)
    {
        for (int i = 0; i < file.Settings.Targets.Count; i++)
        {
            SettingLine line = file.LineOfTarget(i);
            settings.Add(new ConfigSetting
            {
                Name = line.Directive.Name,
                Value = file.Settings.Targets[i].Value,
                Line = line.Number,
                Default = line.Directive.Default,
                Meaning = line.Directive.Meaning,
            });
        }

        if (settings.Count == 0)
        {
            settings.Add(new ConfigSetting
            {
                Name = SettingDirectives.TargetGroup,
                Value = "none: a crash cannot be saved",
                Meaning = "where to save; lifeboat config --help lists the kinds",
            });
        }
    }

    /// <summary>The document as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CliJsonContext.Default.ConfigDocument);
}
