namespace Lifeboat.Capture.Settings.Import;

/// <summary>A line of ours that another program's setting became.</summary>
/// <param name="directive">Our directive.</param>
/// <param name="value">Its value.</param>
/// <param name="from">The number of the line that it comes from.</param>
/// <param name="name">The name of the setting there.</param>
public sealed class ImportedLine(SettingDirective directive, string value, int from, string name)
{
    /// <summary>Our directive.</summary>
    public SettingDirective Directive { get; } = directive;

    /// <summary>Its value.</summary>
    public string Value { get; } = value;

    /// <summary>The number of the line that it comes from.</summary>
    public int From { get; } = from;

    /// <summary>The name of the setting there.</summary>
    public string Name { get; } = name;
}
