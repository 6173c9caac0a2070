namespace Lifeboat.Kexec.Reporting;

/// <summary>A range of the memory map as JSON.</summary>
internal sealed record MemoryMapDocument(
    RangeDocument Memory, string Type);
