namespace Lifeboat.Kexec.Reporting;

/// <summary>One crashkernel= as JSON.</summary>
internal sealed record CrashKernelEntryDocument(
    string Text, string Kind, ulong? Bytes, string? Offset, IReadOnlyList<CrashKernelRangeDocument> Ranges, string? Error);
