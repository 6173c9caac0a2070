namespace Lifeboat.Kexec.Reporting;

/// <summary>What comes of a crashkernel= as JSON.</summary>
internal sealed record CrashKernelDocument(
    IReadOnlyList<CrashKernelEntryDocument> Entries, ulong? RamBytes, ulong? RoundedRamBytes, string? Counts, ulong? Bytes,
    string? Offset, bool? High, ulong? LowBytes, ulong? CmaBytes, string? Error, IReadOnlyList<string> Advice)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
