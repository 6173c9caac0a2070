using Lifeboat.Drill.Reporting;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Reporting;

public sealed class DrillReportTextTests
{
    [Fact]
    public void The_report_of_a_drill_that_passed_reads_as_agreed() =>
        Golden.Matches("passed.txt", Text(Reports.Passed));

    [Fact]
    public void The_report_of_a_drill_that_failed_reads_as_agreed() =>
        Golden.Matches("failed.txt", Text(Reports.Failed));

    [Fact]
    public void The_report_of_a_drill_that_did_not_begin_reads_as_agreed() =>
        Golden.Matches("failed-at-once.txt", Text(Reports.FailedAtOnce));

    [Fact]
    public void A_drill_of_no_duration_and_a_manifest_of_nothing_are_printed()
    {
        DrillReport report = Reports.Passed with
        {
            Milestones = [new DrillMilestone(DrillStage.Prepare, TimeSpan.Zero, TimeSpan.Zero, "")],
            Manifest = Reports.Passed.Manifest! with { Tiers = [], Pages = new(), Memory = new() { TotalBytes = -1, LowestAvailableBytes = -5 } },
        };
        Assert.Contains("pages     0 of RAM", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_counts_more_pages_than_there_are_makes_no_longer_bars()
    {
        DrillReport report = Reports.Passed with
        {
            Manifest = Reports.Passed.Manifest! with { Pages = new() { Total = 1, Kept = ulong.MaxValue } },
        };
        Assert.DoesNotContain(new string('█', 41), Text(report), StringComparison.Ordinal);
    }

    private static string Text(DrillReport report)
    {
        using var output = new StringWriter();
        DrillReportText.Write(report, output);
        return output.ToString();
    }
}
