using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Kernel;
using Lifeboat.TestSupport;

namespace Lifeboat.Inspect.Tests.Reporting;

public sealed partial class CrashReportHtmlTests
{
    private const string Hostile = "</pre></title><script>alert(1)</script><img src=x onerror=\"a()\">&amp;'\"\u202e\0\e[2J\uD800";

    [Fact]
    public void A_whole_page_reads_as_agreed() => Golden.Matches("report.html", Page(Reports.Whole));

    [Fact]
    public void A_damaged_dump_gives_a_page_too() => Assert.Contains("No log", Page(Reports.Damaged), StringComparison.Ordinal);

    [Fact]
    public void Nothing_comes_from_elsewhere_and_nothing_runs()
    {
        foreach (CrashReport report in new[] { Reports.Whole, Everything(Hostile) })
        {
            string page = Page(report);
            Assert.DoesNotMatch(FromElsewhere(), page);
            Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Text_out_of_a_dump_cannot_become_markup()
    {
        string plain = Page(Everything("plain text"));
        string hostile = Page(Everything(Hostile));
        Assert.Equal(Tags(plain), Tags(hostile));
        Assert.DoesNotContain(hostile, static c => (char.IsControl(c) && c is not ('\n' or '\t')) || c == '\u202e');
    }

    [Fact]
    public void Every_element_is_closed_in_its_turn()
    {
        foreach (CrashReport report in new[] { Reports.Whole, Reports.Damaged, Everything(Hostile.Replace("\uD800", "", StringComparison.Ordinal)) })
        {
            // As XML, but for what HTML writes without an end.
            string page = Page(report).Replace("<!doctype html>", "", StringComparison.Ordinal);
            var document = new XmlDocument { XmlResolver = null };
            document.LoadXml(WithoutEnd().Replace(page, "<${inner}/>"));
            Assert.Equal("html", document.DocumentElement?.Name);
        }
    }

    [Fact]
    public void Numbers_are_those_of_the_page_s_language_wherever_it_is_made()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Golden.Matches("report.html", Page(Reports.Whole));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static CrashReport Everything(string text) => Reports.Whole with
    {
        Path = text,
        Kernel = new(text, text, text, text, text),
        Panic = new PanicSummary { Message = text, Cause = text, Command = text, Sequence = 1, Uptime = TimeSpan.FromSeconds(1) },
        Site = new CrashSite { Place = text, Code = $"{text}<{text}", FaultAddress = text, FaultAddressIs = text, Registers = [new(text, text)], Frames = [text] },
        Stacks = [new CpuStack(0, 1, text, [text, "? " + text], text)],
        Blocked = [new ReportTask(1, text, "D", 1, [text], text)],
        Tasks = [new ReportTask(1, text, "S", null, [text], text)],
        Modules = [new ReportModule(text, text)],
        TaintMeaning = text,
        Log = [new LogRecord(1, 1_000_000_000, 3, 0, 1, text)],
    };

    private static IEnumerable<string> Tags(string page) => Tag().Matches(page).Select(static match => match.Value);

    private static string Page(CrashReport report)
    {
        using var output = new StringWriter { NewLine = "\n" };
        CrashReportHtml.Write(report, output);
        return output.ToString();
    }

    [GeneratedRegex("</?[a-z!]+")]
    private static partial Regex Tag();

    [GeneratedRegex("<script|<link|<iframe|<object|<img|<base|@import|url\\(|<[^>]*\\s(src|href|on[a-z]+)=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex FromElsewhere();

    [GeneratedRegex("<(?<inner>meta [^>]*[^/])>", RegexOptions.ExplicitCapture)]
    private static partial Regex WithoutEnd();
}
