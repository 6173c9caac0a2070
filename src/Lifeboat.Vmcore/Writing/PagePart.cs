namespace Lifeboat.Vmcore.Writing;

/// <summary>A range of pages that goes into one file.</summary>
/// <param name="Start">The first page frame.</param>
/// <param name="End">One past the last.</param>
/// <param name="Selected">Pages of it whose bit is set in the bitmap of kept pages.</param>
internal sealed record PagePart(ulong Start, ulong End, ulong Selected);
