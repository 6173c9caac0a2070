using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;
using Lifeboat.Kexec.Tests.Support;
using static Lifeboat.Kexec.Tests.Support.TestPlans;

namespace Lifeboat.Kexec.Tests.Rules;

public sealed class KexecRulesTests
{
    private static readonly LoadPlan Good = TestPlans.Plan();

    [Theory]
    [InlineData("entry-in-reservation", Errno.EADDRNOTAVAIL)]
    [InlineData("segment-count", Errno.EINVAL)]
    [InlineData("page-aligned", Errno.EADDRNOTAVAIL)]
    [InlineData("no-overlap", Errno.EINVAL)]
    [InlineData("content-fits", Errno.EINVAL)]
    [InlineData("segment-below-half", Errno.EINVAL)]
    [InlineData("sum-below-half", Errno.EINVAL)]
    [InlineData("in-reservation", Errno.EADDRNOTAVAIL)]
    public void A_plan_that_breaks_a_rule_breaks_that_one_first(string name, Errno errno)
    {
        ByteCount ram = ByteCount.FromMiB(1024);
        LoadPlan broken = name switch
        {
            "entry-in-reservation" => Good with { EntryPoint = Good.Reservation.End },
            "segment-count" => Good with { Segments = [.. Enumerable.Repeat(Good.Segments[0], 17)] },
            "page-aligned" => With(Range(0x77300000, 0x77300800), 1),
            "no-overlap" => With(Range(0x77100000, 0x77300000), 1),
            "content-fits" => With(Range(0x77300000, 0x77301000), 4097),
            "in-reservation" => With(Range(0x76000000, 0x76001000), 1),
            _ => Good,
        };
        ram = name switch
        {
            "segment-below-half" => ByteCount.FromMiB(3),
            "sum-below-half" => Good.Segments[0].Range.Length + Good.Segments[0].Range.Length,
            _ => ram,
        };
        KexecRuleOutcome first = KexecRules.Check(broken, ram).First(outcome => outcome.Violation is not null);
        Assert.Equal(name, first.Rule.Name);
        Assert.Equal(errno, first.Rule.Errno);
        Assert.Contains(name, first.ToDiagnostic().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_about_RAM_are_unchecked_when_its_size_is_unknown() =>
        Assert.Equal(
            ["segment-below-half", "sum-below-half"],
            KexecRules.Check(Good, null).Where(outcome => !outcome.Checked).Select(outcome => outcome.Rule.Name));

    [Fact]
    public void A_segment_may_end_at_the_reservation_s_end_and_take_exactly_half_of_the_RAM()
    {
        ByteCount sum = Good.Segments.Aggregate(ByteCount.Zero, (total, segment) => total + segment.Range.Length);
        Assert.All(KexecRules.Check(Good, sum + sum), outcome => Assert.Null(outcome.Violation));
    }

    private static LoadPlan With(PhysicalRange range, int content) =>
        Good with { Segments = [.. Good.Segments, new LoadSegment("extra", range, new byte[content])] };
}
