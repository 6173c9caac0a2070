namespace Lifeboat.Vmcore.Writing;

/// <summary>Pages that follow each other.</summary>
/// <param name="Start">The first page frame.</param>
/// <param name="Count">How many.</param>
internal readonly record struct PageRun(ulong Start, int Count);
