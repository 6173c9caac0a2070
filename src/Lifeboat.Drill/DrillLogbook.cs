namespace Lifeboat.Drill;

/// <summary>Keeps a drill's milestones with their times, and tells them on as they come.</summary>
/// <param name="time">Measures.</param>
/// <param name="progress">Told each.</param>
internal sealed class DrillLogbook(TimeProvider time, IProgress<DrillEvent> progress)
{
    private readonly long _start = time.GetTimestamp();
    private readonly List<DrillMilestone> _milestones = [];

    /// <summary>The stages reached so far, in order.</summary>
    public IReadOnlyList<DrillMilestone> Milestones => _milestones;

    /// <summary>The stage that comes next: the first of all that was not reached.</summary>
    public DrillStage Next => _milestones.Count == 0 ? DrillStage.Prepare : _milestones[^1].Stage + 1;

    /// <summary>Time since the drill began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>A stage was reached, and with it all before it. One that was reached already stays as it is.</summary>
    public void Reached(DrillStage stage, string detail = "")
    {
        if (stage < Next)
        {
            return;
        }

        TimeSpan at = Elapsed;
        TimeSpan took = _milestones.Count == 0 ? at : at - _milestones[^1].At;
        _milestones.Add(new DrillMilestone(stage, at, took, detail));
        progress.Report(new DrillEvent(at, stage, detail));
    }

    /// <summary>Something worth telling that is no milestone.</summary>
    public void Note(string text) => progress.Report(new DrillEvent(Elapsed, null, text));
}
