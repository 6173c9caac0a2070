namespace Lifeboat.Capture;

/// <summary>A milestone as it was read from a console.</summary>
/// <param name="Milestone">Which.</param>
/// <param name="SinceBoot">The time since the capture kernel's boot.</param>
/// <param name="Detail">What was said about it; may be empty.</param>
public readonly record struct CaptureMilestoneLine(CaptureMilestone Milestone, TimeSpan SinceBoot, string Detail);
