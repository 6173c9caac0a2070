namespace Lifeboat.Drill.Inside;

/// <summary>Where the guest put the known bytes of one kind: the page frame of each page, by number.</summary>
public sealed record PatternPages
{
    /// <summary>What kind of memory.</summary>
    public required PatternKind Kind { get; init; }

    /// <summary>The page frame number of page 0, 1, 2 and so on.</summary>
    public required IReadOnlyList<ulong> Pfns { get; init; }
}
