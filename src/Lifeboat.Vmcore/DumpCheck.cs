using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore;

/// <summary>Reads every page that a dump says it has.</summary>
public static class DumpCheck
{
    private const int PagesAtOnce = 4096;

    /// <summary>Reads all pages; a page that cannot be read, or is missing from an unfinished dump, is a finding.</summary>
    /// <param name="dump">The dump; used by the caller's thread only.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpCheckResult Run(DumpSource dump, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dump);
        ulong read = 0, faults = 0;
        MemoryFault first = MemoryFault.None;
        byte[] page = new byte[Pfn.PageSize];
        var states = new PageState[PagesAtOnce];
        foreach (PhysicalRange range in dump.RamRanges)
        {
            ulong end = range.End.Pfn.Value;
            for (ulong start = range.Start.AlignUp(ByteCount.Page).Pfn.Value; start < end; start += PagesAtOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<PageState> some = states.AsSpan(0, (int)Math.Min(end - start, PagesAtOnce));
                dump.GetPageStates(new Pfn(start), some);
                for (int i = 0; i < some.Length; i++)
                {
                    if (some[i] is PageState.Excluded or PageState.NotRam)
                    {
                        continue;
                    }

                    if (dump.Read(new Pfn(start + (ulong)i).Address, page, out MemoryFault fault) == page.Length)
                    {
                        read++;
                    }
                    else if (faults++ == 0)
                    {
                        first = fault;
                    }
                }
            }
        }

        return new DumpCheckResult(read, faults, first);
    }
}
