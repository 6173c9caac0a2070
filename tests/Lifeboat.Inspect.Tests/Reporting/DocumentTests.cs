using System.Text.Json;
using Lifeboat.Inspect.Reporting;
using Lifeboat.Kernel;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Tests.Reporting;

public sealed class DocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_report_s_document_has_the_agreed_shape() =>
        Golden.Matches("report.json", CrashReportDocument.From(Reports.Whole).ToJson() + "\n");

    [Fact]
    public void The_document_of_a_damaged_dump_leaves_out_what_is_unknown() =>
        Golden.Matches("report-damaged.json", CrashReportDocument.From(Reports.Damaged).ToJson() + "\n");

    [Fact]
    public void The_log_s_document_has_the_agreed_shape()
    {
        using DumpSource dump = DumpSource.Open(_folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create())));
        Golden.Matches("log.json", LogDocument.From(KernelLog.Read(dump)).ToJson() + "\n");
    }

    [Fact]
    public void Each_document_says_its_schema()
    {
        string log = new LogDocument { Records = [], Diagnostics = [] }.ToJson();
        foreach ((string json, int schema) in new[] { (CrashReportDocument.From(Reports.Damaged).ToJson(), 2), (log, 1) })
        {
            using var parsed = JsonDocument.Parse(json);
            Assert.Equal(schema, parsed.RootElement.GetProperty("schema").GetInt32());
        }
    }

    [Fact]
    public void Control_characters_and_broken_text_in_a_log_are_still_json()
    {
        var record = new LogRecord(0, 0, 0, 0, 0, "\0\e[31m\"\\\uD800");
        using var parsed = JsonDocument.Parse(new LogDocument { Records = [record], Diagnostics = [] }.ToJson());
        Assert.Equal(JsonValueKind.Array, parsed.RootElement.GetProperty("records").ValueKind);
    }
}
