using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing.Estimating;

/// <summary>Counts the pages of each class while they go by, and notes some of them, to pack them afterwards.</summary>
internal sealed class PageSampler(
    DumpSource source, DumpWriteOptions options, List<ClassEstimate> classes, ulong stride) : IDisposable
{
    private const int ReportEvery = 256;

    // Where reading ahead may be turned off it must be: for each page of a large sample it would read megabytes.
    private readonly DumpSource? _scattered = source.TryShare(isScattered: true);
    private readonly PageEncoder _encoder = new(options.Codec, options.CompressionLevel);
    private readonly byte[] _page = new byte[Pfn.PageSize];
    private readonly byte[] _packed = new byte[Pfn.PageSize - 1];
    private readonly List<ulong> _pfns = [];
    private readonly List<byte> _classes = [];

    // Of each class every so-manieth page: a class of few pages has its sample too.
    private readonly ulong _stride = Math.Max(1, stride);

    /// <summary>Counts a window's pages.</summary>
    internal void Count(ulong start, ReadOnlySpan<PageState> states, ReadOnlySpan<PageClass> found)
    {
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] is PageState.Present or PageState.Zero)
            {
                ClassEstimate pages = classes[(int)found[i]];
                if (pages.Pages++ % _stride == 0)
                {
                    _pfns.Add(start + (ulong)i);
                    _classes.Add((byte)found[i]);
                }
            }
        }
    }

    /// <summary>Reads and packs the pages that were noted.</summary>
    internal void Pack(IProgress<DumpProgress>? progress, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _pfns.Count; i++)
        {
            Pack(new Pfn(_pfns[i]), classes[_classes[i]]);
            if (i % ReportEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new DumpProgress(DumpStage.Sample, (ulong)i, (ulong)_pfns.Count, ByteCount.Zero));
            }
        }
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _scattered?.Dispose();
    }

    private void Pack(Pfn pfn, ClassEstimate pages)
    {
        // A page with a memory error is not touched, on a running machine least of all.
        if (pages.Class is PageClass.HardwarePoison or PageClass.Offline
            || (_scattered ?? source).Read(pfn.Address, _page, out _) < _page.Length)
        {
            return;
        }

        int length = _page.AsSpan().ContainsAnyExcept((byte)0) ? _encoder.Encode(_page, _packed) : -1;
        pages.Sample(length < 0 ? 0 : length == 0 ? Pfn.PageSize : length);
    }
}
