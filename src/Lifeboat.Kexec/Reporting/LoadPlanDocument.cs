namespace Lifeboat.Kexec.Reporting;

/// <summary>A plan as JSON.</summary>
internal sealed record LoadPlanDocument(
    string Kernel, string? KernelVersion, string Purpose, RangeDocument? Reservation, ulong Free, string EntryPoint, string Flags,
    string CommandLine, IReadOnlyList<SegmentDocument> Segments, IReadOnlyList<MemoryMapDocument> MemoryMap,
    IReadOnlyList<RangeDocument> Dumped, IReadOnlyList<RuleDocument> Rules, IReadOnlyList<string> Notices,
    string? Call, string? CallReason)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
