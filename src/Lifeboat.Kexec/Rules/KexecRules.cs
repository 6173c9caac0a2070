using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Rules;

/// <summary>
/// What the kernel checks of an image, in its order, so that the first broken rule is the one whose errno the
/// call yields. Source: kexec_load_check(), kimage_alloc_init() and sanity_check_segment_list().
/// </summary>
public static class KexecRules
{
    private const int SegmentMax = 16;

    /// <summary>MAXMEM of four-level paging; five levels allow more, which no machine needs here.</summary>
    private const ulong DestinationMemoryLimit = (1UL << 46) - 1;

    private static readonly CheckedRule[] All =
    [
        new(new("segment-count", $"there are at most {SegmentMax} segments", Errno.EINVAL), (plan, _) =>
            plan.Segments.Count > SegmentMax ? $"{plan.Segments.Count} segments" : null, false),
        new(new("entry-in-reservation", "the entry point lies in the reservation", Errno.EADDRNOTAVAIL), (plan, _) =>
            plan.Purpose != LoadPurpose.Crash || plan.Reservation.Contains(plan.EntryPoint) ? null : $"{plan.EntryPoint} outside {plan.Reservation}", false),
        new(new("page-aligned", "every segment begins and ends at a page, below 64 TiB", Errno.EADDRNOTAVAIL), (plan, _) =>
            First(plan, segment => !segment.Range.Start.IsAligned(ByteCount.Page)
                || !segment.Range.End.IsAligned(ByteCount.Page)
                || segment.Range.End.Value >= DestinationMemoryLimit), false),
        new(new("no-overlap", "no two segments overlap", Errno.EINVAL), (plan, _) => Overlap(plan.Segments), false),
        new(new("content-fits", "no segment's content is longer than its memory", Errno.EINVAL), (plan, _) =>
            First(plan, segment => (ulong)segment.Content.Length > segment.Range.Length.Value), false),
        new(new("segment-below-half", "no segment takes more than half of the RAM", Errno.EINVAL), (plan, ram) =>
            First(plan, segment => Pages(segment) > HalfPages(ram)), true),
        new(new("sum-below-half", "all segments take no more than half of the RAM", Errno.EINVAL), (plan, ram) =>
            plan.Segments.Aggregate(0UL, (sum, segment) => sum + Pages(segment)) is var sum && sum > HalfPages(ram)
                ? $"{sum} pages of {HalfPages(ram) * 2}"
                : null, true),
        new(new("in-reservation", "every segment lies in the reservation", Errno.EADDRNOTAVAIL), (plan, _) =>
            First(plan, segment => plan.Purpose == LoadPurpose.Crash && !plan.Reservation.Contains(segment.Range)), false),
    ];

    /// <summary>All rules, in the kernel's order.</summary>
    public static IReadOnlyList<KexecRule> Rules { get; } = [.. All.Select(rule => rule.Rule)];

    /// <summary>What each rule says of <paramref name="plan"/>.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="totalRam">Memory the kernel manages; null leaves the rules about it unchecked.</param>
    public static IReadOnlyList<KexecRuleOutcome> Check(LoadPlan plan, ByteCount? totalRam) =>
    [
        .. All.Select(rule => rule.NeedsRam && totalRam is null
            ? new KexecRuleOutcome(rule.Rule, null, Checked: false)
            : new KexecRuleOutcome(rule.Rule, rule.Check(plan, totalRam))),
    ];

    private static string? First(LoadPlan plan, Func<LoadSegment, bool> breaks) =>
        plan.Segments.FirstOrDefault(breaks) is { } segment
            ? $"{segment.Name} {segment.Range}, content {segment.Content.Length} bytes"
            : null;

    private static string? Overlap(IReadOnlyList<LoadSegment> segments)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (segments[i].Range.Overlaps(segments[j].Range))
                {
                    return $"{segments[j].Name} {segments[j].Range} and {segments[i].Name} {segments[i].Range}";
                }
            }
        }

        return null;
    }

    private static ulong Pages(LoadSegment segment) =>
        segment.Range.Length.AlignUp(ByteCount.Page).Value >> Pfn.PageShift;

    private static ulong HalfPages(ByteCount? ram) => (ram ?? ByteCount.Zero).Value >> Pfn.PageShift >> 1;
}
