namespace Lifeboat.Capture.Settings;

/// <summary>A line of a settings file that was understood.</summary>
/// <param name="directive">Its directive.</param>
/// <param name="number">Its number, the first line being 1.</param>
public sealed class SettingLine(SettingDirective directive, int number)
{
    /// <summary>Its directive.</summary>
    public SettingDirective Directive { get; } = directive;

    /// <summary>Its number, the first line being 1.</summary>
    public int Number { get; } = number;
}
