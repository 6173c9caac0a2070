using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Rules;

/// <summary>
/// Checks of the segments and the entry point. A call that unloads has none, and keeps all of them.
/// </summary>
internal static class SegmentChecks
{
    /// <summary>MAXMEM of four-level paging, and of five; a segment must end below the last byte.</summary>
    private const int FourLevelBits = 46;
    private const int FiveLevelBits = 52;

    /// <summary>In Linux 6.6 and 6.7 it came with a stable release.</summary>
    private static readonly KernelVersion EmptyAtZero = new(6, 8);

    internal static Finding Entry(KexecLoadCall call, KexecEnvironment environment) =>
        !call.IsForCrash || call.Unloads ? Finding.Holds
        : environment.Reservation is not { } reservation ? Finding.Unknown

        // Without a reservation the kernel's own range is the byte 0, which is in it.
        : call.EntryPoint.Value >= reservation.Start.Value && call.EntryPoint.Value <= LastOf(reservation) ? Finding.Holds
        : Finding.Broken(reservation.IsEmpty ? "nothing is reserved" : $"{call.EntryPoint} outside {reservation}");

    internal static Finding NoWrap(KexecLoadCall call, KexecEnvironment environment) =>
        First(call, static segment => segment.Start.Value > segment.End);

    internal static Finding PageAligned(KexecLoadCall call, KexecEnvironment environment) =>
        First(call, static segment => ((segment.Start.Value | segment.End) & (Pfn.PageSize - 1)) != 0);

    internal static Finding BelowLimit(KexecLoadCall call, KexecEnvironment environment)
    {
        Finding wide = First(call, static segment => segment.End >= (1UL << FiveLevelBits) - 1);
        Finding narrow = First(call, static segment => segment.End >= (1UL << FourLevelBits) - 1);
        return environment.FiveLevelPaging switch
        {
            true => wide,
            false => narrow,
            null => wide.Violation is null && narrow.Violation is not null ? Finding.Unknown : wide,
        };
    }

    internal static Finding NoOverlap(KexecLoadCall call, KexecEnvironment environment)
    {
        for (int i = 0; i < call.Segments.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                KexecCallSegment one = call.Segments[j];
                KexecCallSegment other = call.Segments[i];
                if (other.End > one.Start.Value && other.Start.Value < one.End)
                {
                    return Finding.Broken($"{one} and {other}");
                }
            }
        }

        return Finding.Holds;
    }

    internal static Finding ContentFits(KexecLoadCall call, KexecEnvironment environment) =>
        First(call, static segment => segment.Content > segment.Length);

    internal static Finding SegmentBelowHalf(KexecLoadCall call, KexecEnvironment environment) =>
        environment.TotalRam is { } ram ? First(call, segment => segment.Pages > Half(ram)) : Finding.Unknown;

    internal static Finding SumBelowHalf(KexecLoadCall call, KexecEnvironment environment)
    {
        ulong sum = 0;
        foreach (KexecCallSegment segment in call.Segments)
        {
            sum = unchecked(sum + segment.Pages);
        }

        return environment.TotalRam is not { } ram ? Finding.Unknown
            : sum <= Half(ram) ? Finding.Holds
            : Finding.Broken($"{sum} pages of {ram.Value >> Pfn.PageShift}");
    }

    internal static Finding InReservation(KexecLoadCall call, KexecEnvironment environment) =>
        !call.IsForCrash ? Finding.Holds
        : environment.Reservation is not { } reservation ? Finding.Unknown
        : First(call, segment => segment.Start < reservation.Start || segment.Last > LastOf(reservation));

    internal static Finding ControlPagesFit(KexecLoadCall call, KexecEnvironment environment) =>
        !call.IsForCrash || call.Unloads ? Finding.Holds
        : environment.Reservation is not { IsEmpty: false } reservation || environment.MappedMemory.Count == 0
            ? Finding.Unknown
        : Finding.Require(
            ControlPages.Fit(call.Segments, reservation, environment), $"no room between the segments in {reservation}");

    /// <summary>
    /// The last byte of such a segment is the last there is, so that every page is one of its own; the kernel looks for
    /// pages of others until memory is used up.
    /// </summary>
    internal static Finding NothingAtZero(KexecLoadCall call, KexecEnvironment environment)
    {
        if (call.IsForCrash)
        {
            return Finding.Holds;
        }

        Finding finding = First(call, static segment => segment.Start.Value == 0 && segment.Length.Value == 0);
        return finding.Violation is not null && environment.Version is { } version && version < EmptyAtZero
            ? Finding.Unknown
            : finding;
    }

    internal static Finding ContentReadable(KexecLoadCall call, KexecEnvironment environment) =>
        First(call, static segment => !segment.ContentReadable && segment.Content.Value > 0);

    private static Finding First(KexecLoadCall call, Func<KexecCallSegment, bool> breaks)
    {
        foreach (KexecCallSegment segment in call.Segments)
        {
            if (breaks(segment))
            {
                return Finding.Broken($"{segment}");
            }
        }

        return Finding.Holds;
    }

    private static ulong LastOf(PhysicalRange reservation) => reservation.IsEmpty ? 0 : reservation.End.Value - 1;

    private static ulong Half(ByteCount ram) => ram.Value >> Pfn.PageShift >> 1;
}
