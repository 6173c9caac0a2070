using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>The first pass: decides for every page, and writes both bitmaps, a window of 128 MiB at a time.</summary>
internal sealed class BitmapPass(DumpSource source, PageBitmaps bitmaps, ulong endPfn, PageClassifier classifier)
{
    private const int WindowPages = PageBitmap.BlockBits;
    private const int WindowBytes = PageBitmap.BlockBytes;
    private const int ReportEveryWindows = 8;

    private readonly PageState[] _states = new PageState[WindowPages];
    private readonly PageClass[] _classes = new PageClass[WindowPages];
    private readonly byte[] _ram = new byte[WindowBytes];
    private readonly byte[] _kept = new byte[WindowBytes];

    internal void Run(PageTally tally, IProgress<DumpProgress>? progress, CancellationToken cancellationToken)
    {
        ulong total = CountRamPages();
        IReadOnlyList<PhysicalRange> ranges = source.RamRanges;
        int range = 0;
        ulong window = 0;
        int reported = 0;
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
            RunWindow(window, tally);
            window += WindowPages;
            if (++reported % ReportEveryWindows == 0)
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

    private void RunWindow(ulong start, PageTally tally)
    {
        int count = (int)Math.Min(WindowPages, endPfn - start);
        Span<PageState> states = _states.AsSpan(0, count);
        Span<PageClass> classes = _classes.AsSpan(0, count);
        source.GetPageStates(new Pfn(start), states);
        classifier.Classify(start, classes);
        Array.Clear(_ram);
        Array.Clear(_kept);
        for (int i = 0; i < count; i++)
        {
            if (states[i] == PageState.NotRam)
            {
                continue;
            }

            byte bit = (byte)(1 << (i & 7));
            _ram[i >> 3] |= bit;
            tally.Total++;
            if (states[i] is PageState.Excluded or PageState.Truncated)
            {
                tally.Unreadable++;
            }
            else if (classes[i] != PageClass.Kernel)
            {
                tally.AddExcluded(classes[i]);
            }
            else
            {
                _kept[i >> 3] |= bit;
                tally.Selected++;
            }
        }

        bitmaps.Write(start, _ram, _kept);
    }
}
