namespace Lifeboat.Kexec.Reporting;

/// <summary>A segment as JSON.</summary>
internal sealed record SegmentDocument(
    int Number, string Name, RangeDocument Memory, int ContentBytes);
