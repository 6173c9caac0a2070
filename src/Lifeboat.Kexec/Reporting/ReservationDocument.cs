using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>What is reserved and used, as JSON.</summary>
internal sealed record ReservationDocument(
    ulong? ReservedBytes, IReadOnlyList<RangeDocument> Reservations, IReadOnlyList<RangeDocument> Cma, bool? Loaded,
    ulong? LoadedBytes, CrashKernelDocument CrashKernel, LastDrill? LastDrill)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
