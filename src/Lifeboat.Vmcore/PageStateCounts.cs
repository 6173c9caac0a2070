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
        ulong present = 0, zero = 0, excluded = 0, truncated = 0;
        var states = new PageState[PagesAtOnce];
        foreach (PhysicalRange range in dump.RamRanges)
        {
            ulong end = range.End.Pfn.Value;
            for (ulong start = range.Start.AlignUp(ByteCount.Page).Pfn.Value; start < end; start += PagesAtOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<PageState> some = states.AsSpan(0, (int)Math.Min(end - start, PagesAtOnce));
                dump.GetPageStates(new Pfn(start), some);
                foreach (PageState state in some)
                {
                    present += state == PageState.Present ? 1UL : 0;
                    zero += state == PageState.Zero ? 1UL : 0;
                    excluded += state == PageState.Excluded ? 1UL : 0;
                    truncated += state == PageState.Truncated ? 1UL : 0;
                }
            }
        }

        return new PageStateCounts { Present = present, Zero = zero, Excluded = excluded, Truncated = truncated };
    }
}
