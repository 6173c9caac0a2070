namespace Lifeboat.Drill.Reporting;

/// <summary>One drill of a search for the smallest reservation.</summary>
/// <param name="ReservedBytes">The reservation.</param>
/// <param name="Captured">Whether it captured.</param>
/// <param name="FailedStage">The stage it failed in; absent when it captured.</param>
/// <param name="What">Why it failed; absent when it captured.</param>
/// <param name="AvailableBytes">The least memory available in the capture kernel; absent when it did not get to say.</param>
public sealed record TrialDocument(
    ulong ReservedBytes, bool Captured, string? FailedStage, string? What, ulong? AvailableBytes);
