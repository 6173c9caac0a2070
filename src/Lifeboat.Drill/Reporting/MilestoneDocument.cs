namespace Lifeboat.Drill.Reporting;

/// <summary>A stage that a drill reached.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="AtSeconds">When, since the drill began.</param>
/// <param name="TookSeconds">Time since the stage before.</param>
/// <param name="Detail">What the stage said of itself.</param>
public sealed record MilestoneDocument(string Stage, double AtSeconds, double TookSeconds, string Detail);
