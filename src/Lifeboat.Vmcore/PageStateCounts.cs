using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore;

/// <summary>Pages of 4 KiB by what a dump has of them.</summary>
public sealed record PageStateCounts
{
    private const int PagesAtOnce = 1 << 16;

    /// <summary>Pages whose bytes are in the dump.</summary>
    public ulong Present { get; init; }

    /// <summary>Pages of zeros that are not stored one by one.</summary>
    public ulong Zero { get; init; }

    /// <summary>Pages that were left out when the dump was filtered.</summary>
    public ulong Excluded { get; init; }

    /// <summary>Pages that should be in the dump and are not.</summary>
    public ulong Truncated { get; init; }

    /// <summary>All pages of RAM.</summary>
    public ulong Total => Present + Zero + Excluded + Truncated;

    /// <summary>Counts the pages of a dump without reading them.</summary>
    /// <param name="dump">The dump; used by the caller's thread only.</param>
    /// <param name="cancellation">Ends the counting early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PageStateCounts Of(DumpSource dump, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dump);
        var counts = new ulong[(int)PageState.NotRam + 1];
        var states = new PageState[PagesAtOnce];
        foreach (PhysicalRange range in dump.RamRanges)
        {
            ulong end = range.End.Pfn.Value;
            ulong pfn = range.Start.AlignUp(ByteCount.Page).Pfn.Value;
            while (pfn < end)
            {
                cancellation.ThrowIfCancellationRequested();
                if (dump.TryGetRun(new Pfn(pfn), out PageState all, out Pfn runEnd))
                {
                    ulong count = Math.Min(end, runEnd.Value) - pfn;
                    counts[(int)all] += count;
                    pfn += count;
                    continue;
                }

                Span<PageState> some = states.AsSpan(0, (int)Math.Min(end - pfn, PagesAtOnce));
                dump.GetPageStates(new Pfn(pfn), some);
                foreach (PageState state in some)
                {
                    counts[(int)state]++;
                }

                pfn += (ulong)some.Length;
            }
        }

        return new PageStateCounts
        {
            Present = counts[(int)PageState.Present],
            Zero = counts[(int)PageState.Zero],
            Excluded = counts[(int)PageState.Excluded],
            Truncated = counts[(int)PageState.Truncated],
        };
    }
}
