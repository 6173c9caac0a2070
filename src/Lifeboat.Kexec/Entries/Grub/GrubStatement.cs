namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>One statement of a grub.cfg, as it is written: nothing is expanded.</summary>
internal sealed record GrubStatement(GrubStatementKind Kind, int Line)
{
    internal IReadOnlyList<GrubWord> Words { get; init; } = [];

    internal IReadOnlyList<GrubStatement> Condition { get; init; } = [];

    /// <summary>The block; null where a command has none.</summary>
    internal IReadOnlyList<GrubStatement>? Body { get; init; }

    internal IReadOnlyList<GrubStatement> Else { get; init; } = [];
}
