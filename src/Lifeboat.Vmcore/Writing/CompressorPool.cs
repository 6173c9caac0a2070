namespace Lifeboat.Vmcore.Writing;

/// <summary>Threads that compress blocks; the caller reads, hands over, and takes back in the order it likes.</summary>
/// <remarks><para>The queue is bounded by the number of blocks there are.</para></remarks>
internal sealed class CompressorPool : IDisposable
{
    private const int StackSize = 256 << 10;

    private readonly Queue<PageBlock> _queue;
    private readonly object _lock = new();
    private readonly BlockCompressor[] _compressors;
    private readonly Thread[] _threads;
    private bool _isStopping;

    internal CompressorPool(DumpWriteOptions options, int blocks)
    {
        int threads = options.Threads;
        _queue = new Queue<PageBlock>(blocks);
        _compressors = new BlockCompressor[threads];
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            // Made here: a compressor that gets no memory is the caller's exception, not a dead thread.
            _compressors[i] = new BlockCompressor(options);
        }

        for (int i = 0; i < threads; i++)
        {
            BlockCompressor compressor = _compressors[i];
            _threads[i] = new Thread(() => Work(compressor), StackSize) { IsBackground = true, Name = "compress" };
            _threads[i].Start();
        }
    }

    /// <summary>Hands a block over; it belongs to the pool until <see cref="Wait"/> returned for it.</summary>
    internal void Submit(PageBlock block)
    {
        lock (_lock)
        {
            block.IsDone = false;
            _queue.Enqueue(block);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Returns when the block is compressed.</summary>
    internal void Wait(PageBlock block)
    {
        lock (_lock)
        {
            while (!block.IsDone)
            {
                Monitor.Wait(_lock);
            }
        }
    }

    /// <summary>Ends the threads; what is still queued is not compressed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isStopping = true;
            Monitor.PulseAll(_lock);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        foreach (BlockCompressor compressor in _compressors)
        {
            compressor.Dispose();
        }
    }

    private void Work(BlockCompressor compressor)
    {
        while (true)
        {
            PageBlock block;
            lock (_lock)
            {
                while (_queue.Count == 0 && !_isStopping)
                {
                    Monitor.Wait(_lock);
                }

                if (_isStopping)
                {
                    return;
                }

                block = _queue.Dequeue();
            }

            compressor.Compress(block);
            lock (_lock)
            {
                block.IsDone = true;
                Monitor.PulseAll(_lock);
            }
        }
    }
}
