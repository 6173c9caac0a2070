using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>The second pass: has the pages that the bitmap names read, packed and written.</summary>
internal sealed class PagePass : IDisposable
{
    private const ulong ReportEveryPages = 4096;

    private readonly IKeptWindows _windows;
    private readonly Action<List<ulong>> _onUnreadable;
    private readonly ulong _total;
    private readonly List<DumpSource> _shares = [];
    private readonly PageWorker[] _workers;
    private readonly BlockPipeline _pipeline;
    private ulong _done;
    private ulong _size;
    private ulong _lastReport;

    /// <param name="source">The dump; on other threads, what it shares.</param>
    /// <param name="windows">Says which pages are kept.</param>
    /// <param name="total">Pages in all parts together, for the progress.</param>
    /// <param name="options">How pages are packed, and by how many threads.</param>
    /// <param name="unreadable">What becomes of pages that cannot be read.</param>
    /// <param name="onUnreadable">Told of such pages, ascending, on any of the threads, one at a time.</param>
    internal PagePass(
        DumpSource source,
        IKeptWindows windows,
        ulong total,
        DumpWriteOptions options,
        UnreadablePages unreadable,
        Action<List<ulong>> onUnreadable)
    {
        (_total, _onUnreadable) = (total, onUnreadable);

        // Each thread reads on its own where the dump allows it; where it does not, they take turns. The dump itself is
        // left to the windows, which whatever thread takes the next block may have read pages anew.
        int wanted = options.Threads == 1 ? 0 : options.Threads;
        while (_shares.Count < wanted && source.TryShare() is { } share)
        {
            _shares.Add(share);
        }

        object? gate = _shares.Count < wanted ? new object() : null;
        _windows = gate is null ? windows : new GatedWindows(windows, gate);
        _workers = new PageWorker[options.Threads];
        for (int i = 0; i < _workers.Length; i++)
        {
            DumpSource own = wanted == 0 || gate is not null ? source : _shares[i];
            _workers[i] = new PageWorker(own, gate, options, unreadable);
        }

        _pipeline = new BlockPipeline(_workers, options.Ahead);
    }

    internal void Run(
        PagePart part, IPageWriter writer, IProgress<DumpProgress>? progress, CancellationToken cancellationToken)
    {
        _pipeline.Run(
            new KeptPages(_windows, part),
            block => Write(block, writer),
            () =>
            {
                Report(progress, isLast: false);
                cancellationToken.ThrowIfCancellationRequested();
            });
        Report(progress, isLast: true);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        foreach (PageWorker worker in _workers)
        {
            worker.Dispose();
        }

        foreach (DumpSource share in _shares)
        {
            share.Dispose();
        }
    }

    private void Write(PageBlock block, IPageWriter writer)
    {
        writer.Write(block);
        if (block.Unreadable.Count > 0)
        {
            _onUnreadable(block.Unreadable);
        }

        Volatile.Write(ref _size, writer.FileSize.Value);
        Volatile.Write(ref _done, _done + (ulong)block.Wanted);
    }

    private void Report(IProgress<DumpProgress>? progress, bool isLast)
    {
        ulong done = Volatile.Read(ref _done);
        if (isLast || done - _lastReport >= ReportEveryPages)
        {
            _lastReport = done;
            progress?.Report(new DumpProgress(DumpStage.Write, done, _total, new ByteCount(Volatile.Read(ref _size))));
        }
    }
}
