using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>The first pass: decides for every page, a window at a time.</summary>
internal sealed class BitmapPass(DumpSource source, PageClassifier classifier)
{
    private const ulong WindowPages = WindowClassifier.WindowPages;
    private const int ReportEveryWindows = 8;

    private readonly WindowClassifier _windows = new(source, classifier);
    private readonly byte[] _ram = new byte[WindowClassifier.WindowBytes];
    private readonly byte[] _kept = new byte[WindowClassifier.WindowBytes];

    /// <param name="tally">Counts the pages.</param>
    /// <param name="bitmaps">Takes the bits; null when only the counts are wanted.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    internal void Run(
        PageTally tally, PageBitmaps? bitmaps, IProgress<DumpProgress>? progress, CancellationToken cancellationToken)
    {
        ulong total = CountRamPages();
        IReadOnlyList<PhysicalRange> ranges = source.RamRanges;
        int range = 0;
        ulong window = 0;
        int done = 0;
        while (true)
        {
            // On to the next window with RAM: holes, however large, cost nothing.
            while (range < ranges.Count && EndPage(ranges[range]) <= window)
            {
                range++;
            }

            if (range == ranges.Count)
            {
                break;
            }

            window = Math.Max(window, StartPage(ranges[range]) / WindowPages * WindowPages);
            cancellationToken.ThrowIfCancellationRequested();
            _windows.Run(window, _ram, _kept, tally);
            bitmaps?.Write(window, _ram, _kept);
            window += WindowPages;
            if (++done % ReportEveryWindows == 0)
            {
                progress?.Report(new DumpProgress(DumpStage.Classify, tally.Total, total, ByteCount.Zero));
            }
        }

        progress?.Report(new DumpProgress(DumpStage.Classify, tally.Total, total, ByteCount.Zero));
    }

    private static ulong StartPage(PhysicalRange range) => range.Start.Pfn.Value;

    private static ulong EndPage(PhysicalRange range) => (range.End.Value + Pfn.PageSize - 1) >> Pfn.PageShift;

    private ulong CountRamPages()
    {
        ulong total = 0;
        foreach (PhysicalRange range in source.RamRanges)
        {
            total += EndPage(range) - StartPage(range);
        }

        return total;
    }
}
