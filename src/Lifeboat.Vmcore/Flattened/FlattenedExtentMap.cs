using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Flattened;

/// <summary>The pieces of a flattened dump by where they belong, made disjoint: of two that overlap the later wins.</summary>
internal sealed class FlattenedExtentMap
{
    private readonly FlattenedExtent[] _extents;
    private int _last;

    private FlattenedExtentMap(FlattenedExtent[] extents)
    {
        _extents = extents;
        ulong bytes = 0;
        foreach (FlattenedExtent extent in extents)
        {
            bytes += extent.End - extent.Start;
        }

        StoredBytes = new ByteCount(bytes);
    }

    /// <summary>Bytes of all pieces.</summary>
    internal ByteCount StoredBytes { get; }

    internal ReadOnlySpan<FlattenedExtent> Extents => _extents;

    /// <summary>One past the last byte of any piece.</summary>
    internal ulong End => _extents.Length == 0 ? 0 : _extents[^1].End;

    /// <summary>Makes a map of pieces in the order in which they were written, in n log n however they overlap.</summary>
    internal static FlattenedExtentMap Create(List<FlattenedExtent> written)
    {
        int[] byStart = new int[written.Count];
        for (int i = 0; i < byStart.Length; i++)
        {
            byStart[i] = i;
        }

        Array.Sort(byStart, (a, b) => written[a].Start.CompareTo(written[b].Start));
        var disjoint = new List<FlattenedExtent>(written.Count);

        // Pieces that reach over the place the sweep has come to, the one written last on top.
        var open = new PriorityQueue<int, int>();
        int next = 0;
        ulong place = 0;
        while (next < byStart.Length || open.Count > 0)
        {
            if (open.Count == 0)
            {
                place = Math.Max(place, written[byStart[next]].Start);
            }

            for (; next < byStart.Length && written[byStart[next]].Start <= place; next++)
            {
                open.Enqueue(byStart[next], -byStart[next]);
            }

            FlattenedExtent top = written[open.Peek()];
            if (top.End <= place)
            {
                open.Dequeue();
                continue;
            }

            ulong end = next < byStart.Length ? Math.Min(top.End, written[byStart[next]].Start) : top.End;
            Add(disjoint, new FlattenedExtent(place, end, top.Source + (place - top.Start)));
            place = end;
        }

        return new FlattenedExtentMap([.. disjoint]);
    }

    /// <summary>The index of the piece that has the place, or of the first one above it; the count when none is.</summary>
    internal int FindAtOrAbove(ulong place)
    {
        if (_last < _extents.Length && place >= _extents[_last].Start && place < _extents[_last].End)
        {
            return _last;
        }

        int low = 0;
        int high = _extents.Length;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (_extents[middle].End <= place)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        _last = low;
        return low;
    }

    private static void Add(List<FlattenedExtent> disjoint, FlattenedExtent extent)
    {
        if (disjoint.Count > 0)
        {
            FlattenedExtent before = disjoint[^1];
            if (before.End == extent.Start && before.Source + (before.End - before.Start) == extent.Source)
            {
                disjoint[^1] = before with { End = extent.End };
                return;
            }
        }

        disjoint.Add(extent);
    }
}
