using System.Text.Json;
using Lifeboat.Drill.Reporting;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Reporting;

public sealed class DrillDocumentTests
{
    [Fact]
    public void The_document_of_a_drill_that_passed_has_the_agreed_shape() =>
        Golden.Matches("passed.json", DrillDocument.From(Reports.Passed).ToJson() + "\n");

    [Fact]
    public void The_document_of_a_drill_that_failed_has_the_agreed_shape() =>
        Golden.Matches("failed.json", DrillDocument.From(Reports.Failed).ToJson() + "\n");

    [Fact]
    public void The_exit_code_is_the_number_of_the_stage_that_failed()
    {
        foreach (DrillStage stage in Enum.GetValues<DrillStage>())
        {
            DrillReport report = Reports.FailedAtOnce with { Failure = new DrillFailure { Stage = stage, What = "x" } };
            using var document = JsonDocument.Parse(DrillDocument.From(report).ToJson());
            JsonElement root = document.RootElement;
            Assert.Equal((1, false, (int)stage), (
                root.GetProperty("schema").GetInt32(), root.GetProperty("passed").GetBoolean(), root.GetProperty("exitCode").GetInt32(
                    )));
            Assert.Equal(stage.ToString(), root.GetProperty("failure").GetProperty("stage").GetString());
        }
    }
}
