namespace Lifeboat.Cli.Output;

/// <summary>Something that a <see cref="ConfigDocument"/> says of a line.</summary>
internal sealed class ConfigFinding
{
    /// <summary>The line; null when it is about the whole file.</summary>
    public int? Line { get; init; }

    /// <summary>The place: the file, or in it or in a ramdisk the line of the settings.</summary>
    public string? Where { get; init; }

    /// <summary>Whether it is an error, or something is lost; otherwise it is advice.</summary>
    public required bool IsError { get; init; }

    /// <summary>The kind of diagnostic, LB and four digits.</summary>
    public string? Id { get; init; }

    /// <summary>What is the matter.</summary>
    public required string What { get; init; }

    /// <summary>What stands there.</summary>
    public string? Found { get; init; }

    /// <summary>What should.</summary>
    public string? Expected { get; init; }

    /// <summary>What to do; of imported settings, why.</summary>
    public string? Remedy { get; init; }
}
