namespace Lifeboat.Cli.Output;

/// <summary>A setting in a <see cref="ConfigDocument"/>.</summary>
internal sealed class ConfigSetting
{
    /// <summary>The directive.</summary>
    public required string Name { get; init; }

    /// <summary>Its value; what holds in words where there is none.</summary>
    public required string Value { get; init; }

    /// <summary>The line that says so; null for a default.</summary>
    public int? Line { get; init; }

    /// <summary>What holds without the line.</summary>
    public string? Default { get; init; }

    /// <summary>What it means.</summary>
    public string? Meaning { get; init; }

    /// <summary>In imported settings the name of the setting that it comes from.</summary>
    public string? From { get; init; }
}
