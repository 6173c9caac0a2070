namespace Lifeboat.Vmcore.Flattened;

/// <summary>A piece of the dump and where its bytes are in the flattened file.</summary>
internal readonly record struct FlattenedExtent(ulong Start, ulong End, ulong Source);
