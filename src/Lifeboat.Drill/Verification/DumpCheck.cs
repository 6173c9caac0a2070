using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Drill.Verification;

/// <summary>Reads every page that a dump says it has.</summary>
internal static class DumpCheck
{
    /// <summary>Reads all pages; a page that cannot be read, or is missing from an unfinished dump, is a finding.</summary>
    /// <returns>Pages read, and the first fault with the number of pages it befell.</returns>
    public static (ulong PagesRead, ulong Faults, MemoryFault FirstFault) Run(DumpSource dump, CancellationToken cancellation)
    {
        ulong read = 0, faults = 0;
        MemoryFault first = MemoryFault.None;
        byte[] page = new byte[Pfn.PageSize];
        foreach (PhysicalRange range in dump.RamRanges)
        {
            cancellation.ThrowIfCancellationRequested();
            for (ulong pfn = range.Start.AlignUp(ByteCount.Page).Pfn.Value; pfn < range.End.Pfn.Value; pfn++)
            {
                PageState state = dump.GetPageState(new Pfn(pfn));
                if (state is PageState.Excluded or PageState.NotRam)
                {
                    continue;
                }

                if (dump.Read(new Pfn(pfn).Address, page, out MemoryFault fault) == page.Length)
                {
                    read++;
                }
                else if (faults++ == 0)
                {
                    first = fault;
                }
            }
        }

        return (read, faults, first);
    }
}
