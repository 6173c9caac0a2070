using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing.Estimating;

/// <summary>Finds out how large a dump would be without writing it.</summary>
public static class DumpEstimator
{
    // Enough that the mean of a class is within a few percent, and read in a fraction of a second.
    private const ulong WantedSamples = 16 << 10;

    /// <summary>Counts all pages of a dump or a running machine, and packs a sample of each class.</summary>
    /// <param name="source">The memory; used by the caller's thread only.</param>
    /// <param name="options">The level that is asked about, and the codec.</param>
    /// <param name="isElf">Whether an ELF dump is asked about, whose pages are not packed.</param>
    /// <param name="time">Measures how long counting takes; null when nobody wants to know.</param>
    /// <param name="progress">Told how far it is; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static DumpEstimate Estimate(
        DumpSource source,
        DumpWriteOptions options,
        bool isElf = false,
        TimeProvider? time = null,
        IProgress<DumpProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        DumpWriteOptions.Check(options);
        var classes = new List<ClassEstimate>();
        foreach (PageClass pageClass in Enum.GetValues<PageClass>())
        {
            classes.Add(new ClassEstimate(pageClass));
        }

        // All classes are told apart, whatever the level: the answer holds for every one.
        DumpWriteOptions all = options with { Level = DumpLevel.All };
        var notices = new List<Diagnostic>(source.Diagnostics);
        var tally = new PageTally();
        long start = time?.GetTimestamp() ?? 0;
        TimeSpan counting = TimeSpan.Zero;
        using (var classifier = PageClassifier.Create(source, all, notices))
        using (var pass = new BitmapPass(source, classifier, threads: 1))
        using (var sampler = new PageSampler(source, options, classes, CountRam(source) / WantedSamples))
        {
            pass.Run(
                tally,
                (start, window) => sampler.Count(start, window.States, window.Classes),
                progress,
                cancellationToken);
            WriteNotices.AddOfMap(classifier, notices);
            counting = time?.GetElapsedTime(start) ?? counting;
            sampler.Pack(progress, cancellationToken);
        }

        return new DumpEstimate(
            options.Level, classes, Count(classes, tally, options.Level), FixedSize(source, isElf), isElf, notices)
        {
            CountingTime = counting,
        };
    }

    private static ulong CountRam(DumpSource source)
    {
        ulong bytes = 0;
        foreach (PhysicalRange range in source.RamRanges)
        {
            bytes += range.Length.Value;
        }

        return bytes >> Pfn.PageShift;
    }

    private static ulong FixedSize(DumpSource source, bool isElf)
    {
        ulong notes = (ulong)source.Notes.Length;
        return isElf
            ? notes + Pfn.PageSize
            : ((Pfn.PageSize * 3UL) + notes + (2 * KdumpLayout.BitmapLength(Math.Max(1, source.EndPfn.Value))));
    }

    private static PageCounts Count(List<ClassEstimate> classes, PageTally tally, DumpLevel level)
    {
        var at = new PageTally { Total = tally.Total, Unreadable = tally.Unreadable };
        double zero = 0;
        foreach (ClassEstimate pages in classes)
        {
            if (pages.IsLeftOutAt(level))
            {
                at.AddExcluded(pages.Class, pages.Pages);
            }
            else
            {
                at.Selected += pages.Pages;
                zero += level.HasFlag(DumpLevel.Zero) ? pages.ZeroShare * pages.Pages : 0;
            }
        }

        at.Zero = Math.Min(at.Selected, (ulong)zero);
        return at.ToCounts();
    }
}
