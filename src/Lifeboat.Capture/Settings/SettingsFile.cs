namespace Lifeboat.Capture.Settings;

/// <summary>
/// A settings file as it was read, line by line: what the lines that were understood say, and what is wrong with the
/// others. <see cref="CaptureSettings.Parse"/> is the same without the lines.
/// </summary>
public sealed class SettingsFile
{
    internal SettingsFile(
        string name, CaptureSettings settings, IReadOnlyList<SettingLine> lines, IReadOnlyList<SettingFinding> findings)
    {
        Name = name;
        Settings = settings;
        Lines = lines;
        Findings = findings;
        Errors = [.. findings.Where(static finding => finding.IsError)];
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>What the lines say that were understood.</summary>
    public CaptureSettings Settings { get; }

    /// <summary>Those lines, in the file's order.</summary>
    public IReadOnlyList<SettingLine> Lines { get; }

    /// <summary>What is not carried out without a loss, and <see cref="Errors"/>, in the file's order.</summary>
    public IReadOnlyList<SettingFinding> Findings { get; }

    /// <summary>What was not understood or cannot be carried out, in the file's order.</summary>
    public IReadOnlyList<SettingFinding> Errors { get; }

    /// <summary>Reads a file's text, whatever it holds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The file's name, for messages.</param>
    public static SettingsFile Read(string text, string name) => new CaptureSettingsParser(name).Parse(text);

    /// <summary>The line that says a target of <see cref="Settings"/>.</summary>
    /// <param name="index">Which of <see cref="CaptureSettings.Targets"/>.</param>
    public SettingLine LineOfTarget(int index)
    {
        foreach (SettingLine line in Lines)
        {
            if (line.Directive.Group == SettingDirectives.TargetGroup && index-- == 0)
            {
                return line;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>The first line that says a directive; null when none does.</summary>
    public SettingLine? LineOf(SettingDirective directive)
    {
        foreach (SettingLine line in Lines)
        {
            if (line.Directive == directive)
            {
                return line;
            }
        }

        return null;
    }
}
