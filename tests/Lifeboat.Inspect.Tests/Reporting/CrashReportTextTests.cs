using Lifeboat.Inspect.Reporting;
using Lifeboat.Kernel;
using Lifeboat.TestSupport;

namespace Lifeboat.Inspect.Tests.Reporting;

public sealed class CrashReportTextTests
{
    [Fact]
    public void A_whole_report_reads_as_agreed() => Golden.Matches("report.txt", Text(Reports.Whole));

    [Fact]
    public void A_report_of_a_damaged_dump_reads_as_agreed() =>
        Golden.Matches("report-damaged.txt", Text(Reports.Damaged));

    [Theory]
    [InlineData(0.25, "0.3 s")]
    [InlineData(59.9, "59.9 s")]
    [InlineData(60, "00:01:00")]
    [InlineData(86_399, "23:59:59")]
    [InlineData(86_400, "1 day 00:00:00")]
    [InlineData(200_000, "2 days 07:33:20")]
    public void The_uptime_is_told_in_a_size_that_fits(double seconds, string text)
    {
        CrashReport report = Reports.Whole with { Load = [], Panic = new PanicSummary { Uptime = TimeSpan.FromSeconds(seconds) } };
        Assert.Contains($"  uptime    {text}{Environment.NewLine}", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void An_oops_without_a_panic_is_told_by_its_own_line()
    {
        CrashReport report = Reports.Whole with { Site = null, Panic = new PanicSummary { Kind = PanicKind.Oops, Cause = "Oops: 0002 [#1]" } };
        Assert.StartsWith($"Oops: Oops: 0002 [#1]{Environment.NewLine}", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_in_a_dump_cannot_drive_the_terminal()
    {
        CrashReport report = Reports.Whole with
        {
            Kernel = new("Linux", "\e]0;title\a", "6.1\r\n", "\u009b2J", "x"),
            Panic = new PanicSummary { Message = "\e[2J", Command = "\b\b", InstructionPointer = "\0" },
        };
        Assert.DoesNotContain(Text(report).ReplaceLineEndings(""), char.IsControl);
    }

    [Fact]
    public void Every_kind_of_crash_has_words_of_its_own()
    {
        string[] words = [.. Enum.GetValues<PanicKind>().Select(CrashReportText.Describe)];
        Assert.Equal(words.Length, words.Distinct().Count());
    }

    private static string Text(CrashReport report)
    {
        using var output = new StringWriter();
        CrashReportText.Write(report, output);
        return output.ToString();
    }
}
