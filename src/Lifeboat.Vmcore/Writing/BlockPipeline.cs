using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Has blocks of pages read and packed by several threads, and written in the order of the pages.
/// <code>
///  pages -> worker 1, the caller's -> whoever finishes the block whose turn it is
///        -> worker 2                  writes it, and those that wait behind it
///        -> ...
/// </code>
/// </summary>
/// <remarks>
/// No thread only reads or only writes: with as many threads as cores, none is idle while there is work. Two blocks
/// more than threads are enough for that where what is written to is always as fast; where it is not, more of them are packed
/// ahead while it is slow, and written while packing is. The last used is taken first: memory that is not needed is not touched.
/// </remarks>
internal sealed class BlockPipeline : IDisposable
{
    private readonly PageWorker[] _workers;
    private readonly PageBlock[] _blocks;

    /// <param name="workers">One a thread; with one of them, nothing is packed ahead.</param>
    /// <param name="ahead">Pages, packed or not, that may wait to be written.</param>
    internal BlockPipeline(PageWorker[] workers, ByteCount ahead)
    {
        _workers = workers;
        _blocks = new PageBlock[workers.Length == 1 ? 1 : workers.Length + 2 + (int)(ahead.Value / (PageBlock.Capacity * Pfn.PageSize))];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new PageBlock();
        }
    }

    /// <summary>Runs until all pages are written.</summary>
    /// <param name="pages">Names the pages; called by one thread at a time.</param>
    /// <param name="write">Takes a block; called in the order of the pages, by one thread at a time.</param>
    /// <param name="step">Called on the caller's thread between blocks; what it throws ends the run.</param>
    internal void Run(KeptPages pages, Action<PageBlock> write, Action step)
    {
        var order = new Order(pages, write, _blocks);
        Crew.Run(_workers.Length, number => order.Work(_workers[number], number == 0 ? step : null), order.Stop);
    }

    public void Dispose()
    {
        foreach (PageBlock block in _blocks)
        {
            block.Dispose();
        }
    }

    /// <summary>What the threads of one run share.</summary>
    private sealed class Order(KeptPages pages, Action<PageBlock> write, PageBlock[] blocks)
    {
        private readonly object _lock = new();
        private readonly Stack<PageBlock> _free = new(blocks);

        // By sequence: the blocks that are dealt and not written have numbers next to each other.
        private readonly PageBlock?[] _packed = new PageBlock?[blocks.Length];
        private ulong _dealt;
        private ulong _written;
        private bool _isDealtOut;
        private bool _isWriting;
        private bool _isStopped;

        internal void Work(PageWorker worker, Action? step)
        {
            while (TryTake(out PageBlock? block))
            {
                worker.Process(block);
                if (Finish(block))
                {
                    WritePacked(step);
                }

                step?.Invoke();
            }
        }

        internal void Stop()
        {
            lock (_lock)
            {
                _isStopped = true;
                Monitor.PulseAll(_lock);
            }
        }

        private bool TryTake([NotNullWhen(true)] out PageBlock? block)
        {
            lock (_lock)
            {
                while (!_isStopped && !(_isDealtOut && _written == _dealt))
                {
                    if (!_isDealtOut && _free.TryPeek(out block))
                    {
                        block.Clear();
                        if (pages.TryFill(block))
                        {
                            block.Sequence = _dealt++;
                            return _free.TryPop(out block);
                        }

                        _isDealtOut = true;
                        Monitor.PulseAll(_lock);
                        continue;
                    }

                    Monitor.Wait(_lock);
                }
            }

            block = null;
            return false;
        }

        // True for the thread that is to write what is packed.
        private bool Finish(PageBlock block)
        {
            lock (_lock)
            {
                _packed[block.Sequence % (ulong)_packed.Length] = block;
                return !_isWriting && (_isWriting = true);
            }
        }

        // A target that is slower than packing keeps one thread here for long; it may be the caller's.
        private void WritePacked(Action? step)
        {
            while (TryTakePacked(out PageBlock? next))
            {
                write(next);
                lock (_lock)
                {
                    _written++;
                    _free.Push(next);
                    Monitor.PulseAll(_lock);
                }

                step?.Invoke();
            }
        }

        private bool TryTakePacked([NotNullWhen(true)] out PageBlock? block)
        {
            lock (_lock)
            {
                ref PageBlock? place = ref _packed[_written % (ulong)_packed.Length];
                (block, place) = (_isStopped ? null : place, null);
                _isWriting = block is not null;
                return block is not null;
            }
        }
    }
}
