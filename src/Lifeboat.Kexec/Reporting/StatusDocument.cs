using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>A status as JSON.</summary>
internal sealed record StatusDocument(
    bool Armed, string? Release, IReadOnlyList<RangeDocument> Reservations, ulong? ReservedBytes,
    bool? CrashImageLoaded, bool? BootImageLoaded, bool KernelHasKexec, bool? KernelHasKexecLoad, bool? KexecLoadDisabled,
    long? LoadLimitPanic, long? LoadLimitReboot, string? Lockdown, bool? HasSysBootCapability, IReadOnlyList<KnobDocument> PanicKnobs,
    IReadOnlyList<string> Problems, IReadOnlyList<PanicRoadDocument> Road, IReadOnlyList<string> RoadNotes, bool HasGaps,
    LastDrill? LastDrill, string LastDrillFinding, bool LastDrillIsBad, IReadOnlyList<MachineWatchdog> Watchdogs)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
