using Lifeboat.Drill.Inside;

namespace Lifeboat.Drill.Verification;

/// <summary>How the known bytes of one kind came through.</summary>
/// <param name="Kind">The kind of memory.</param>
/// <param name="ShouldBeKept">Whether the dump's level keeps this kind.</param>
/// <param name="Pages">Pages that the guest filled.</param>
/// <param name="Intact">Pages of the dump that hold just the known bytes.</param>
/// <param name="Excluded">Pages that the dump left out.</param>
/// <param name="Wrong">Pages that are in the dump with other bytes, or damaged.</param>
public sealed record PatternResult(PatternKind Kind, bool ShouldBeKept, int Pages, int Intact, int Excluded, int Wrong)
{
    /// <summary>Whether every page is what it should be.</summary>
    public bool IsRight => Pages > 0 && (ShouldBeKept ? Intact == Pages : Excluded == Pages);
}
