namespace Lifeboat.Capture.Settings;

/// <summary>
/// A directive of the settings file: its name, what it takes, what it means, and what holds without it. The parser,
/// <see cref="CaptureSettings.ToText"/>, the checks and the manual page all go by these entries of
/// <see cref="SettingDirectives"/>, so that a new directive is one entry.
/// </summary>
public sealed class SettingDirective
{
    internal SettingDirective(
        string name, Func<CaptureSettings, string, CaptureSettings?>? read, Func<CaptureSettings, string?>? write)
    {
        Name = name;
        Group = name;
        Read = read;
        Write = write;
    }

    /// <summary>The word that its line begins with.</summary>
    public string Name { get; }

    /// <summary>What follows that word, in words; empty when it is not carried out.</summary>
    public string Accepted { get; internal init; } = "";

    /// <summary>What it means, a clause.</summary>
    public required string Meaning { get; init; }

    /// <summary>What holds without it, in words, where that is no value of its own.</summary>
    public string? Unset { get; internal init; }

    /// <summary>The group that it belongs to; mostly a directive is a group of its own.</summary>
    public string Group { get; internal init; }

    /// <summary>Whether several lines may say it, and their order counts: otherwise a group has one line.</summary>
    public bool IsRepeatable { get; internal init; }

    /// <summary>What to do instead of a directive that is known and not carried out; null when it is carried out.</summary>
    public string? Instead { get; internal init; }

    /// <summary>Whether nothing is lost by what is not carried out: a line that says it is then no error.</summary>
    public bool IsHarmless { get; internal init; }

    /// <summary>Whether a capture does as it says.</summary>
    public bool IsCarriedOut => Instead is null;

    /// <summary>What holds without it: its value, or words.</summary>
    public string? Default => ValueIn(CaptureSettings.Defaults) ?? Unset;

    private Func<CaptureSettings, string, CaptureSettings?>? Read { get; }

    private Func<CaptureSettings, string?>? Write { get; }

    internal Func<CaptureSettings, IReadOnlyList<string>>? WriteEach { get; init; }

    /// <summary>Whether it has no value of its own, and its line stands for lines of others (<see cref="LinesFor"/>).</summary>
    public bool IsShorthand => Expand is not null;

    internal Func<string, IReadOnlyList<(string Name, string Value)>?>? Expand { get; init; }

    /// <summary>The value that settings have for it, as a line of the file says it, the first of several; null for none.</summary>
    public string? ValueIn(CaptureSettings settings) => Write?.Invoke(settings);

    /// <summary>All values that settings have for it, a line each.</summary>
    public IReadOnlyList<string> ValuesIn(CaptureSettings settings) =>
        WriteEach is not null ? WriteEach(settings) : ValueIn(settings) is { } value ? [value] : [];

    /// <summary>The lines that a line of it stands for, by name and value; null when it is no shorthand, or the value none that it takes.</summary>
    internal IReadOnlyList<(string Name, string Value)>? LinesFor(string value) => Expand?.Invoke(value);

    /// <summary>Settings with this directive's value changed.</summary>
    /// <param name="settings">The settings to change.</param>
    /// <param name="value">What the line says after the name; it may be anything.</param>
    /// <returns>The changed settings; null when the value is none that it takes, or none that a line can say.</returns>
    public CaptureSettings? Apply(CaptureSettings settings, string value) =>
        Read is not null && SettingText.CanBeWritten(value) ? Read(settings, value) : null;
}
