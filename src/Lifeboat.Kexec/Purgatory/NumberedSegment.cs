using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>A segment that purgatory checks, with its number in the plan, by which a mismatch names it.</summary>
/// <param name="Number">Counts from 0, ascending by address.</param>
/// <param name="Segment">The segment.</param>
internal sealed record NumberedSegment(int Number, LoadSegment Segment);
