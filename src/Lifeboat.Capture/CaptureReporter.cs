namespace Lifeboat.Capture;

/// <summary>Tells how a capture goes, in the lines of <see cref="CaptureMilestones"/>.</summary>
/// <param name="writeLine">Takes the lines; called from any thread.</param>
/// <param name="time">Its timestamps count from the boot, as the system's do on Linux.</param>
public sealed class CaptureReporter(Action<string> writeLine, TimeProvider time)
{
    /// <summary>The time since boot.</summary>
    public TimeSpan SinceBoot => time.GetElapsedTime(0);

    /// <summary>Tells that a milestone is reached.</summary>
    public void Milestone(CaptureMilestone milestone, string detail = "") =>
        writeLine(CaptureMilestones.Format(milestone, SinceBoot, detail));

    /// <summary>Tells something that is no milestone.</summary>
    public void Note(string text) => writeLine(CaptureMilestones.Format(CaptureMilestones.Note, SinceBoot, text));

    /// <summary>Tells how far the dump has come.</summary>
    public void Progress(string text) =>
        writeLine(CaptureMilestones.Format(CaptureMilestones.Progress, SinceBoot, text));
}
