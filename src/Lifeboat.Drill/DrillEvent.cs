namespace Lifeboat.Drill;

/// <summary>Something that happened in a drill, while it happens.</summary>
/// <param name="At">When, since the drill began.</param>
/// <param name="Stage">The stage that was reached; null for a note.</param>
/// <param name="Text">What there is to say.</param>
public readonly record struct DrillEvent(TimeSpan At, DrillStage? Stage, string Text);
