namespace Lifeboat.Kexec.Reporting;

/// <summary>What a range of RAM reserves, as JSON; no end is null.</summary>
internal sealed record CrashKernelRangeDocument(ulong FromBytes, ulong? ToBytes, ulong Bytes);
