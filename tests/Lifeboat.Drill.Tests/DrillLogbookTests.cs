using Lifeboat.Drill.Tests.TestSupport;

namespace Lifeboat.Drill.Tests;

public sealed class DrillLogbookTests
{
    private readonly ManualTime _time = new();
    private readonly EventList _events = new();

    [Fact]
    public void Stages_carry_their_times_and_are_told_on()
    {
        _time.Advance(100);
        var logbook = new DrillLogbook(_time, _events);
        _time.Advance(1.5);
        logbook.Reached(DrillStage.Prepare);
        _time.Advance(2);
        logbook.Reached(DrillStage.Kernel, "6.1");
        DrillMilestone[] expected =
        [
            new(DrillStage.Prepare, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1.5), ""),
            new(DrillStage.Kernel, TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(2), "6.1"),
        ];
        Assert.Equal(expected, logbook.Milestones);
        Assert.Equal(
            expected.Select(milestone => new DrillEvent(milestone.At, milestone.Stage, milestone.Detail)), _events.Events);
    }

    [Fact]
    public void The_next_stage_is_the_one_after_the_last_that_was_reached()
    {
        var logbook = new DrillLogbook(_time, _events);
        Assert.Equal(DrillStage.Prepare, logbook.Next);
        logbook.Reached(DrillStage.Prepare);
        Assert.Equal(DrillStage.Kernel, logbook.Next);
        logbook.Reached(DrillStage.CaptureUp);
        Assert.Equal(DrillStage.ModulesLoaded, logbook.Next);
    }

    [Fact]
    public void A_stage_that_is_behind_stays_as_it_was()
    {
        var logbook = new DrillLogbook(_time, _events);
        logbook.Reached(DrillStage.Panic, "first");
        _time.Advance(1);
        logbook.Reached(DrillStage.Panic, "second");
        logbook.Reached(DrillStage.Boot, "again");
        Assert.Equal("first", Assert.Single(logbook.Milestones).Detail);
        Assert.Single(_events.Events);
    }

    [Fact]
    public void A_note_is_no_milestone()
    {
        var logbook = new DrillLogbook(_time, _events);
        _time.Advance(3);
        logbook.Note("downloading");
        Assert.Empty(logbook.Milestones);
        Assert.Equal([new DrillEvent(TimeSpan.FromSeconds(3), null, "downloading")], _events.Events);
    }
}
