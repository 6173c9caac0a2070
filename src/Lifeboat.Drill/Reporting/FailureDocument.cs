namespace Lifeboat.Drill.Reporting;

/// <summary>Why a drill failed.</summary>
/// <param name="Stage">The stage that was not reached.</param>
/// <param name="What">What went wrong.</param>
/// <param name="Hint">What to do about it; absent when nothing is known.</param>
/// <param name="ConsoleTail">The guest's last console lines.</param>
public sealed record FailureDocument(string Stage, string What, string? Hint, IReadOnlyList<string> ConsoleTail)
{
    /// <summary>The document of a failure.</summary>
    public static FailureDocument From(DrillFailure failure) =>
        new(failure.Stage.ToString(), failure.What, failure.Hint, failure.ConsoleTail);
}
