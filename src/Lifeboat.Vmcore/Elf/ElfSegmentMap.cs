using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Elf;

/// <summary>The segments of an ELF dump by physical address, made disjoint.</summary>
internal sealed class ElfSegmentMap
{
    private readonly ElfSegment[] _segments;
    private int _last;

    private ElfSegmentMap(ElfSegment[] segments)
    {
        _segments = segments;
        Ranges = Merge(segments);
    }

    internal IReadOnlyList<PhysicalRange> Ranges { get; }

    internal ReadOnlySpan<ElfSegment> Segments => _segments;

    internal ulong End => _segments.Length == 0 ? 0 : _segments[^1].End;

    /// <summary>
    /// Sorts the segments and cuts away what an earlier one has already: the kernel's image has a segment of its own
    /// that repeats a part of the RAM around it.
    /// </summary>
    internal static ElfSegmentMap Create(List<ElfSegment> segments)
    {
        segments.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.End.CompareTo(a.End));
        var disjoint = new List<ElfSegment>(segments.Count);
        ulong covered = 0;
        foreach (ElfSegment segment in segments)
        {
            ulong start = Math.Max(segment.Start, covered);
            if (start >= segment.End)
            {
                continue;
            }

            disjoint.Add(segment with
            {
                Start = start,
                StoredEnd = Math.Max(start, segment.StoredEnd),
                FileOffset = segment.FileOffset + (start - segment.Start),
            });
            covered = segment.End;
        }

        return new ElfSegmentMap([.. disjoint]);
    }

    /// <summary>
    /// The index of the segment that has the address, or of the first one above it; the count when none is.
    /// </summary>
    internal int FindAtOrAbove(ulong address)
    {
        // Reads come in order: the last one's segment or the next is nearly always right.
        if (_last < _segments.Length && address >= _segments[_last].Start && address < _segments[_last].End)
        {
            return _last;
        }

        int low = 0;
        int high = _segments.Length;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (_segments[middle].End <= address)
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

    private static List<PhysicalRange> Merge(ElfSegment[] segments)
    {
        var ranges = new List<PhysicalRange>();
        foreach (ElfSegment segment in segments)
        {
            var start = new PhysicalAddress(segment.Start);
            var end = new PhysicalAddress(segment.End);
            if (ranges.Count > 0 && ranges[^1].End == start)
            {
                ranges[^1] = new PhysicalRange(ranges[^1].Start, end);
            }
            else
            {
                ranges.Add(new PhysicalRange(start, end));
            }
        }

        return ranges;
    }
}
