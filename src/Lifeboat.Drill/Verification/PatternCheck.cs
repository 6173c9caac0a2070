using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside;
using Lifeboat.Vmcore;

namespace Lifeboat.Drill.Verification;

/// <summary>Looks for the guest's known bytes in its dump, at the page frames where the guest put them.</summary>
internal static class PatternCheck
{
    /// <summary>Checks every page that the guest recorded.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="truth">The guest's record.</param>
    /// <param name="level">The level the dump was written at, which says what should be in it.</param>
    public static IReadOnlyList<PatternResult> Run(DumpSource dump, GuestTruth truth, DumpLevel level) =>
        [.. truth.Patterns.Select(pages => Check(dump, truth.Seed, pages, level))];

    private static PatternResult Check(DumpSource dump, ulong seed, PatternPages pages, DumpLevel level)
    {
        int intact = 0, excluded = 0, wrong = 0;
        byte[] page = new byte[Pfn.PageSize];
        for (int index = 0; index < pages.Pfns.Count; index++)
        {
            var pfn = new Pfn(pages.Pfns[index]);
            if (dump.GetPageState(pfn) == PageState.Excluded)
            {
                excluded++;
            }
            else if (dump.Read(pfn.Address, page, out _) == page.Length
                && KnownPattern.Matches(page, seed, pages.Kind, index))
            {
                intact++;
            }
            else
            {
                wrong++;
            }
        }

        return new PatternResult(pages.Kind, IsKept(pages.Kind, level), pages.Pfns.Count, intact, excluded, wrong);
    }

    private static bool IsKept(PatternKind kind, DumpLevel level) => kind switch
    {
        PatternKind.User => (level & DumpLevel.User) == DumpLevel.None,
        PatternKind.PageCache => (level & (DumpLevel.Cache | DumpLevel.PrivateCache)) == DumpLevel.None,
        _ => true,
    };
}
