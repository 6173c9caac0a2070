namespace Lifeboat.Drill;

/// <summary>A stage that was reached.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="At">When, since the drill began.</param>
/// <param name="Took">Time since the stage before.</param>
/// <param name="Detail">What the stage said of itself; empty when nothing.</param>
public sealed record DrillMilestone(DrillStage Stage, TimeSpan At, TimeSpan Took, string Detail);
