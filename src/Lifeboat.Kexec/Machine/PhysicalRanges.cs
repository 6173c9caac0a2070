using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>Sets of physical memory, as lists of ranges.</summary>
internal static class PhysicalRanges
{
    /// <summary>The ranges by their starts.</summary>
    internal static IReadOnlyList<PhysicalRange> Sorted(IReadOnlyList<PhysicalRange> ranges)
    {
        List<PhysicalRange> sorted = [.. ranges];
        sorted.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        return sorted;
    }

    /// <summary>The same bytes as ascending ranges that neither overlap nor touch.</summary>
    internal static IReadOnlyList<PhysicalRange> Normalize(IReadOnlyList<PhysicalRange> ranges)
    {
        var merged = new List<PhysicalRange>();
        foreach (PhysicalRange range in Sorted(ranges))
        {
            if (range.IsEmpty)
            {
                continue;
            }

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

    /// <summary>
    /// The bytes of <paramref name="ranges"/> that are in none of <paramref name="holes"/>, normalized.
    /// </summary>
    internal static IReadOnlyList<PhysicalRange> Without(
        IReadOnlyList<PhysicalRange> ranges, IReadOnlyList<PhysicalRange> holes)
    {
        IReadOnlyList<PhysicalRange> left = Normalize(ranges);
        foreach (PhysicalRange hole in Normalize(holes))
        {
            var rest = new List<PhysicalRange>();
            foreach (PhysicalRange range in left)
            {
                rest.AddRange(range.Minus(hole));
            }

            left = rest;
        }

        return left;
    }
}
