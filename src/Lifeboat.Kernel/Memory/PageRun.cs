using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Memory;

/// <summary>Structures of pages that follow one another.</summary>
/// <param name="First">The first page.</param>
/// <param name="Bytes">The structures, of at least <paramref name="Count"/> pages.</param>
/// <param name="Count">How many of them are this run's.</param>
internal sealed record PageRun(Pfn First, byte[] Bytes, int Count);
