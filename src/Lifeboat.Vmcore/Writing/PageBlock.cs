using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Half a MiB of kept pages on their way: which they are, then what they became.</summary>
internal sealed class PageBlock : IDisposable
{
    internal const int Capacity = (512 << 10) / Pfn.PageSize;

    /// <summary>The length of a page that could not be read and yet has a place in the dump.</summary>
    internal const int Missing = -1;

    private readonly NativeBuffer _packed = new(Capacity * Pfn.PageSize);
    private readonly int[] _lengths = new int[Capacity];

    /// <summary>Where the block stands in the order of the pages.</summary>
    internal ulong Sequence { get; set; }

    /// <summary>The pages to read, ascending.</summary>
    internal List<PageRun> Runs { get; } = new(Capacity);

    /// <summary>Pages of all runs together.</summary>
    internal int Wanted { get; private set; }

    /// <summary>Pages that are packed.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes of all packed pages together.</summary>
    internal int PackedLength { get; private set; }

    /// <summary>Pages that could not be read at all, ascending.</summary>
    internal List<ulong> Unreadable { get; } = [];

    /// <summary>
    /// Bytes of each packed page: 0 for the shared page of zeros, a whole page for one stored as it is, or
    /// <see cref="Missing"/>.
    /// </summary>
    internal ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Count);

    internal ReadOnlySpan<byte> Packed => _packed.Span[..PackedLength];

    /// <summary>Where the next page is packed; never less than a page.</summary>
    internal Span<byte> Free => _packed.Span[PackedLength..];

    internal void Clear()
    {
        Runs.Clear();
        Unreadable.Clear();
        (Wanted, Count, PackedLength) = (0, 0, 0);
    }

    /// <summary>Adds pages to read.</summary>
    internal void Want(PageRun run)
    {
        Runs.Add(run);
        Wanted += run.Count;
    }

    /// <summary>Notes that the next page is packed, into the first <paramref name="length"/> bytes of what was free.</summary>
    internal void Add(int length)
    {
        _lengths[Count++] = length;
        PackedLength += Math.Max(0, length);
    }

    public void Dispose() => _packed.Dispose();
}
