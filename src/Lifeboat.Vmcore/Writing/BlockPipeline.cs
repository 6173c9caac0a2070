namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Takes blocks that were read, has them compressed, and writes them in order.
/// <code>
///  caller reads -> block -> compressor 1..N -> caller writes, oldest first -> block is free again
/// </code>
/// With one thread the caller compresses too, and there is one block.
/// </summary>
internal sealed class BlockPipeline : IDisposable
{
    private readonly PageBlock[] _blocks;
    private readonly Queue<PageBlock> _free = new();
    private readonly Queue<PageBlock> _inFlight = new();
    private readonly CompressorPool? _pool;
    private readonly BlockCompressor? _compressor;
    private readonly IPageWriter _writer;

    internal BlockPipeline(DumpWriteOptions options, IPageWriter writer)
    {
        _writer = writer;
        int count = options.Threads == 1 ? 1 : options.Threads + 2;
        _blocks = new PageBlock[count];
        for (int i = 0; i < count; i++)
        {
            _blocks[i] = new PageBlock();
            _free.Enqueue(_blocks[i]);
        }

        if (options.Threads == 1)
        {
            _compressor = new BlockCompressor(options);
        }
        else
        {
            _pool = new CompressorPool(options, count);
        }
    }

    /// <summary>Where the blocks go.</summary>
    internal IPageWriter Writer => _writer;

    /// <summary>An empty block to read into; waits for the oldest to be written when none is free.</summary>
    internal PageBlock Take()
    {
        if (_free.Count == 0)
        {
            WriteOldest();
        }

        PageBlock block = _free.Dequeue();
        block.Count = 0;
        return block;
    }

    /// <summary>Gives a block that was read to the compressors.</summary>
    internal void Submit(PageBlock block)
    {
        _inFlight.Enqueue(block);
        if (_pool is not null)
        {
            _pool.Submit(block);
            return;
        }

        _compressor!.Compress(block);
        WriteOldest();
    }

    /// <summary>Writes all that is on its way.</summary>
    internal void Drain()
    {
        while (_inFlight.Count > 0)
        {
            WriteOldest();
        }
    }

    public void Dispose()
    {
        _pool?.Dispose();
        _compressor?.Dispose();
        foreach (PageBlock block in _blocks)
        {
            block.Dispose();
        }
    }

    private void WriteOldest()
    {
        PageBlock block = _inFlight.Dequeue();
        _pool?.Wait(block);
        _writer.Write(block);
        _free.Enqueue(block);
    }
}
