using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Memory;

/// <summary>A place where a search found what it looked for.</summary>
/// <param name="Virtual">Where, in the addresses that were searched; of physical memory the place in the direct map, if that is known.</param>
/// <param name="Physical">Where in physical memory.</param>
/// <param name="Value">The word that is there; 0 for a text.</param>
/// <param name="Text">The text and what follows it, up to its end; empty for a word.</param>
public sealed record SearchHit(VirtualAddress? Virtual, PhysicalAddress Physical, ulong Value, string Text);
