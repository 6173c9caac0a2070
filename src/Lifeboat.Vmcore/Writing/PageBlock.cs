using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>A MiB of pages on its way through the pipeline: read, compressed, written.</summary>
internal sealed class PageBlock : IDisposable
{
    internal const int Capacity = (1 << 20) / Pfn.PageSize;

    private readonly NativeBuffer _pages = new(Capacity * Pfn.PageSize);
    private readonly NativeBuffer _packed = new(Capacity * Pfn.PageSize);
    private readonly int[] _lengths = new int[Capacity];

    /// <summary>Pages in the block.</summary>
    internal int Count { get; set; }

    /// <summary>Whether it is compressed; guarded by the pool's lock.</summary>
    internal bool IsDone { get; set; }

    /// <summary>Bytes of all packed pages together.</summary>
    internal int PackedLength { get; set; }

    /// <summary>
    /// Bytes of each packed page: 0 for the shared page of zeros, a whole page for one stored as it is.
    /// </summary>
    internal Span<int> Lengths => _lengths;

    internal ReadOnlySpan<byte> Packed => _packed.Span[..PackedLength];

    internal Span<byte> PackedSpace => _packed.Span;

    internal bool IsFull => Count == Capacity;

    internal Span<byte> Page(int index) => _pages.Span.Slice(index * Pfn.PageSize, Pfn.PageSize);

    internal Span<byte> Pages(int index, int count) => _pages.Span.Slice(index * Pfn.PageSize, count * Pfn.PageSize);

    public void Dispose()
    {
        _pages.Dispose();
        _packed.Dispose();
    }
}
