using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary><c>--show-stats</c>: the pages by what became of them.</summary>
internal static class MakedumpfileReport
{
    public static void Write(DumpSource dump, DumpWriteResult result, MakedumpfileMessages messages)
    {
        PageCounts pages = result.Pages;
        ulong excluded = pages.Total - pages.Kept;
        ulong all = Math.Max(dump.EndPfn.Value, pages.Total);
        messages.Report();
        Line("Original pages  ", pages.Total);
        Line("  Excluded pages   ", excluded);
        Line("    Pages filled with zero  ", pages.Zero);
        Line("    Non-private cache pages ", pages.Cache);
        Line("    Private cache pages     ", pages.PrivateCache);
        Line("    User process data pages ", pages.User);
        Line("    Free pages              ", pages.Free);
        Line("    Hwpoison pages          ", pages.HardwarePoison);
        Line("    Offline pages           ", pages.Offline);
        if (pages.Unreadable > 0)
        {
            Line("    Not in the input        ", pages.Unreadable);
        }

        Line("  Remaining pages  ", pages.Kept);
        if (pages.Total > 0)
        {
            messages.Report($"  (The number of pages is reduced to {pages.Kept * 100 / pages.Total}%.)");
        }

        Line("Memory Hole     ", all - pages.Total);
        messages.Report("--------------------------------------------------");
        Line("Total pages     ", all);
        messages.Report($"Write bytes     : {result.FileSize.Value}");
        messages.Report();

        void Line(string name, ulong count) => messages.Report($"{name}: 0x{count:x16}");
    }
}
