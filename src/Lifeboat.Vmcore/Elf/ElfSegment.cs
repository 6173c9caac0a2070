namespace Lifeboat.Vmcore.Elf;

/// <summary>A piece of physical memory and where its bytes are in the file; pieces do not overlap.</summary>
/// <param name="Start">The first physical address.</param>
/// <param name="End">One past the last.</param>
/// <param name="StoredEnd">One past the last address whose byte the file should have; the rest was left out.</param>
/// <param name="FileOffset">Where the byte of <paramref name="Start"/> is.</param>
internal readonly record struct ElfSegment(ulong Start, ulong End, ulong StoredEnd, ulong FileOffset);
