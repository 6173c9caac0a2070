using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>Sets of physical memory, as lists of ranges.</summary>
internal static class PhysicalRanges
{
    /// <summary>The same bytes as ascending ranges that neither overlap nor touch.</summary>
    internal static IReadOnlyList<PhysicalRange> Normalize(IEnumerable<PhysicalRange> ranges)
    {
        var merged = new List<PhysicalRange>();
        foreach (PhysicalRange range in ranges.Where(range => !range.IsEmpty).OrderBy(range => range.Start))
        {
            if (merged.Count > 0 && range.Start <= merged[^1].End)
            {
                PhysicalAddress end = range.End > merged[^1].End ? range.End : merged[^1].End;
                merged[^1] = new PhysicalRange(merged[^1].Start, end);
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    /// <summary>The bytes of <paramref name="ranges"/> that are in none of <paramref name="holes"/>, normalized.</summary>
    internal static IReadOnlyList<PhysicalRange> Without(
        IEnumerable<PhysicalRange> ranges, IEnumerable<PhysicalRange> holes)
    {
        IEnumerable<PhysicalRange> left = Normalize(ranges);
        foreach (PhysicalRange hole in Normalize(holes))
        {
            left = left.SelectMany(range => range.Minus(hole)).ToArray();
        }

        return left.ToArray();
    }
}
