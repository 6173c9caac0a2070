using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Deals out the spans of a machine that have RAM, upwards, to any number of threads.</summary>
internal sealed class RamSpans
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<PhysicalRange> _ranges;
    private int _range;
    private ulong _next;
    private bool _isStopped;

    internal RamSpans(DumpSource source)
    {
        _ranges = source.RamRanges;
        foreach (PhysicalRange range in _ranges)
        {
            Pages += EndPage(range) - range.Start.Pfn.Value;
        }
    }

    /// <summary>Pages of RAM in all.</summary>
    internal ulong Pages { get; }

    /// <summary>The next span; what of it lies before the first RAM or behind the last is left off, in whole windows.</summary>
    internal bool TryTake(out ulong start, out ulong end)
    {
        lock (_lock)
        {
            // On to the next span with RAM: holes, however large, cost nothing.
            while (_range < _ranges.Count && EndPage(_ranges[_range]) <= _next)
            {
                _range++;
            }

            (start, end) = (_next, _next);
            if (_isStopped || _range == _ranges.Count)
            {
                return false;
            }

            const ulong WindowPages = WindowClassifier.WindowPages;
            start = Math.Max(_next, _ranges[_range].Start.Pfn.Value / WindowPages * WindowPages);
            ulong last = EndPage(_ranges[^1]) - 1;
            end = Math.Min(
                ((start >> PageClassifier.SpanOrder) + 1) << PageClassifier.SpanOrder,
                ((last / WindowPages) + 1) * WindowPages);
            _next = end;
            return true;
        }
    }

    /// <summary>Deals no more.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
        }
    }

    private static ulong EndPage(PhysicalRange range) => (range.End.Value + Pfn.PageSize - 1) >> Pfn.PageShift;
}
