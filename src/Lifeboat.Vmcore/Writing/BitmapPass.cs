using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>The first pass: decides for every page, a window at a time, by one thread or several.</summary>
internal sealed class BitmapPass : IDisposable
{
    private const int ReportEveryWindows = 8;

    private readonly Lock _lock = new();
    private readonly RamSpans _spans;
    private readonly PageClassifier _classifier;
    private readonly List<DumpSource> _shares = [];
    private readonly List<PageClassifier> _others = [];
    private readonly List<WindowClassifier> _windows;

    /// <param name="source">The dump.</param>
    /// <param name="classifier">Decides; in the end it has the counts of all threads.</param>
    /// <param name="threads">How many may work; what only one thread can read or decide is left to one.</param>
    internal BitmapPass(DumpSource source, PageClassifier classifier, int threads)
    {
        (_spans, _classifier) = (new RamSpans(source), classifier);
        _windows = [new WindowClassifier(source, classifier)];
        while (_windows.Count < threads && source.TryShare() is { } share)
        {
            _shares.Add(share);
            if (classifier.TryShare(share) is not { } other)
            {
                break;
            }

            _others.Add(other);
            _windows.Add(new WindowClassifier(share, other));
        }
    }

    /// <summary>Goes over all pages, once.</summary>
    /// <param name="tally">Counts them.</param>
    /// <param name="each">
    /// Takes each window that has RAM and where it begins, one at a time; with one thread upwards.
    /// </param>
    /// <param name="progress">Told how far it is, by the caller's thread.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    internal void Run(
        PageTally tally,
        Action<ulong, WindowClassifier> each,
        IProgress<DumpProgress>? progress,
        CancellationToken cancellationToken)
    {
        var tallies = new PageTally[_windows.Count];
        for (int i = 0; i < tallies.Length; i++)
        {
            tallies[i] = new PageTally();
        }

        Crew.Run(
            _windows.Count,
            number => Work(_windows[number], tallies[number], each, number == 0 ? progress : null, cancellationToken),
            _spans.Stop);
        foreach (PageTally own in tallies)
        {
            tally.Add(own);
        }

        foreach (PageClassifier other in _others)
        {
            _classifier.AddCounts(other);
        }

        progress?.Report(new DumpProgress(DumpStage.Classify, tally.Total, _spans.Pages, ByteCount.Zero));
    }

    public void Dispose()
    {
        foreach (PageClassifier other in _others)
        {
            other.Dispose();
        }

        foreach (DumpSource share in _shares)
        {
            share.Dispose();
        }
    }

    private void Work(
        WindowClassifier windows,
        PageTally tally,
        Action<ulong, WindowClassifier> each,
        IProgress<DumpProgress>? progress,
        CancellationToken cancellationToken)
    {
        int done = 0;
        while (_spans.TryTake(out ulong start, out ulong end))
        {
            for (ulong window = start; window < end; window += WindowClassifier.WindowPages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!windows.TryRun(window, tally))
                {
                    continue;
                }

                lock (_lock)
                {
                    each(window, windows);
                }

                // The other threads are as far as this one, or nearly.
                if (++done % ReportEveryWindows == 0)
                {
                    ulong pages = Math.Min(tally.Total * (ulong)_windows.Count, _spans.Pages);
                    progress?.Report(new DumpProgress(DumpStage.Classify, pages, _spans.Pages, ByteCount.Zero));
                }
            }
        }
    }
}
