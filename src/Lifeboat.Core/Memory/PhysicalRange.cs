namespace Lifeboat.Core.Memory;

/// <summary>A half-open range of physical memory, <c>[Start, End)</c>.</summary>
public readonly record struct PhysicalRange
{
    /// <summary>A range from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="end"/> lies below <paramref name="start"/>.</exception>
    public PhysicalRange(PhysicalAddress start, PhysicalAddress end)
    {
        if (end < start)
        {
            throw new ArgumentException($"a range cannot end at {end} below its start {start}", nameof(end));
        }

        Start = start;
        End = end;
    }

    /// <summary>The first byte of the range.</summary>
    public PhysicalAddress Start { get; }

    /// <summary>The first byte after the range.</summary>
    public PhysicalAddress End { get; }

    /// <summary>The bytes in the range.</summary>
    public ByteCount Length => End - Start;

    /// <summary>Whether the range holds no byte.</summary>
    public bool IsEmpty => Start == End;

    /// <summary>The range of <paramref name="length"/> bytes at <paramref name="start"/>.</summary>
    /// <exception cref="OverflowException">It would end above 64 bits.</exception>
    public static PhysicalRange FromLength(PhysicalAddress start, ByteCount length) => new(start, start + length);

    /// <summary>Whether <paramref name="address"/> lies in the range.</summary>
    public bool Contains(PhysicalAddress address) => address >= Start && address < End;

    /// <summary>Whether the whole of <paramref name="other"/> lies in the range.</summary>
    public bool Contains(PhysicalRange other) => other.Start >= Start && other.End <= End;

    /// <summary>Whether the two ranges share a byte.</summary>
    public bool Overlaps(PhysicalRange other) => Start < other.End && other.Start < End;

    /// <summary>The bytes both ranges have, empty when there are none.</summary>
    public PhysicalRange Intersect(PhysicalRange other)
    {
        PhysicalAddress start = Start > other.Start ? Start : other.Start;
        PhysicalAddress end = End < other.End ? End : other.End;
        return end > start ? new PhysicalRange(start, end) : default;
    }

    /// <summary>What is left of this range without <paramref name="other"/>: none, one or two ranges, upwards.</summary>
    public IEnumerable<PhysicalRange> Minus(PhysicalRange other)
    {
        if (!Overlaps(other))
        {
            if (!IsEmpty)
            {
                yield return this;
            }

            yield break;
        }

        if (other.Start > Start)
        {
            yield return new PhysicalRange(Start, other.Start);
        }

        if (other.End < End)
        {
            yield return new PhysicalRange(other.End, End);
        }
    }

    /// <summary>The range as <c>[0x1000, 0x2000)</c>.</summary>
    public override string ToString() => $"[{Start}, {End})";
}
