using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Kernel.Erasing;

/// <summary>Looks in a finished dump for what was to be erased.</summary>
/// <remarks>
/// Two ways, neither of which knows what was there: the places that the dump itself names, and the places that the same search as
/// before the writing finds anew, as what leads to a secret stays. Both have to hold the fill pattern, or not be in the dump.
/// </remarks>
public static class RedactionCheck
{
    private const int PieceBytes = 4096;

    /// <summary>Looks at all of them.</summary>
    /// <param name="dump">The dump, which stays open.</param>
    /// <param name="directives">What was to be erased.</param>
    /// <param name="time">Measures the time that the search may take.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RedactionResult Run(
        DumpSource dump, IReadOnlyList<EraseDirective> directives, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dump);
        IReadOnlyList<ErasedRange> said = EraseInfo.Parse(dump.EraseInfo.Span);
        EraseFindings found = EraseSearch.In(dump, directives, time, limits: null, cancellation);
        var open = new List<ErasedRange>();
        var unsaid = new List<ErasedRange>();
        int leftOut = 0;
        foreach (ErasedRange range in said)
        {
            cancellation.ThrowIfCancellationRequested();
            leftOut += Look(dump, range, open);
        }

        var covered = new DumpEraser(said, []);
        foreach (ErasedRange range in found.Ranges)
        {
            cancellation.ThrowIfCancellationRequested();
            leftOut += Look(dump, range, open);
            if (!covered.Covers(range.Range))
            {
                unsaid.Add(range);
            }
        }

        return new RedactionResult
        {
            Said = said.Count,
            Found = found.Ranges.Count,
            LeftOut = leftOut,
            Erased = new DumpEraser([.. said, .. found.Ranges], []).Bytes,
            Open = open,
            Unsaid = unsaid,
            Notices = found.Notices,
        };
    }

    // 1 when not all of it is in the dump.
    private static int Look(DumpSource dump, ErasedRange range, List<ErasedRange> open)
    {
        Span<byte> piece = stackalloc byte[PieceBytes];
        int leftOut = 0;
        for (ulong place = range.Range.Start.Value; place < range.Range.End.Value;)
        {
            // To the end of a page: the next one may not be there.
            ulong toEnd = PieceBytes - (place % PieceBytes);
            int wanted = (int)Math.Min(toEnd, range.Range.End.Value - place);
            int read = dump.Read(new PhysicalAddress(place), piece[..wanted], out _);
            if (piece[..read].ContainsAnyExcept(DumpEraser.Fill))
            {
                open.Add(range);
                break;
            }

            leftOut = read < wanted ? 1 : leftOut;
            place += (ulong)wanted;
        }

        return leftOut;
    }
}
