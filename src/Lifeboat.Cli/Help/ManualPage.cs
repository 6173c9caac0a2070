namespace Lifeboat.Cli.Help;

/// <summary>What a verb's help says beyond its options, in the parts of a man page.</summary>
internal sealed record ManualPage
{
    /// <summary>What the verb does and what one should know before using it; paragraphs parted by empty lines.</summary>
    public required string Description { get; init; }

    /// <summary>Command lines with what each does.</summary>
    public IReadOnlyList<ManualEntry> Examples { get; init; } = [];

    /// <summary>Lines of the settings file.</summary>
    public IReadOnlyList<ManualEntry> Settings { get; init; } = [];

    /// <summary>Exit codes of this verb besides 0, 1 and 2.</summary>
    public IReadOnlyList<ManualEntry> ExitCodes { get; init; } = [];

    /// <summary>Files it reads or writes.</summary>
    public IReadOnlyList<ManualEntry> Files { get; init; } = [];
}
