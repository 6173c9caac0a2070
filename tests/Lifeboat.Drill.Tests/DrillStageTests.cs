namespace Lifeboat.Drill.Tests;

public sealed class DrillStageTests
{
    [Fact]
    public void Every_stage_is_an_exit_code_of_its_own_from_10_to_39()
    {
        int[] numbers = [.. Enum.GetValues<DrillStage>().Select(stage => (int)stage)];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.Equal(Enum.GetNames<DrillStage>().Length, numbers.Length);
        Assert.All(numbers, number => Assert.InRange(number, 10, 39));
    }

    [Fact]
    public void Stages_are_numbered_without_gaps_as_the_next_one_is_found_by_counting() => Assert.Equal(
        Enumerable.Range((int)DrillStage.Prepare, Enum.GetValues<DrillStage>().Length),
        Enum.GetValues<DrillStage>().Select(stage => (int)stage));

    [Fact]
    public void Every_stage_has_a_description_of_its_own()
    {
        string[] texts = [.. Enum.GetValues<DrillStage>().Select(stage => stage.Describe())];
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.All(Enum.GetValues<DrillStage>(), stage => Assert.NotEqual(stage.ToString(), stage.Describe()));
    }
}
