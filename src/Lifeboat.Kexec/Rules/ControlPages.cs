using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Rules;

/// <summary>
/// Finds the control pages of a crash image as the kernel does: from the reservation's start upwards, in the gaps
/// between the segments. Source: kimage_alloc_crash_control_pages(), machine_kexec_prepare(),
/// kernel_ident_mapping_init(), kimage_crash_copy_vmcoreinfo().
/// </summary>
/// <remarks>
/// <code>
/// older   switch-over code and top page table (2 pages, aligned to both) | page tables | VMCOREINFO's copy
/// newer   switch-over code | top page table | page tables | VMCOREINFO's copy
/// </code>
/// <para>Stable releases took over two changes at different times, so that only Linux 6.14 and later is known to do it
/// the newer way, and 6.12 and later to take pages of 1 GiB only for GiB that are RAM as a whole.</para>
/// </remarks>
internal sealed class ControlPages
{
    private const int TopShift = 39;
    private const int FifthShift = 48;
    private const int GigabyteShift = 30;

    private static readonly KernelVersion SeparateTopTable = new(6, 14);
    private static readonly KernelVersion WholeGigabytes = new(6, 12);

    private readonly IReadOnlyList<KexecCallSegment> _segments;
    private readonly ulong _last;
    private ulong _next;

    private ControlPages(IReadOnlyList<KexecCallSegment> segments, PhysicalRange reservation)
    {
        _segments = segments;
        _next = reservation.Start.Value;
        _last = reservation.End.Value - 1;
    }

    /// <summary>
    /// Whether there is room for all of them between sound segments; null when that depends on what is not known of
    /// the kernel.
    /// </summary>
    internal static bool? Fit(
        IReadOnlyList<KexecCallSegment> segments, PhysicalRange reservation, KexecEnvironment environment)
    {
        bool? all = null;
        foreach (bool separate in Ways(environment.SeparateTopTable, environment.Version, SeparateTopTable))
        {
            foreach (bool whole in Ways(environment.MapsWholeGigabytes, environment.Version, WholeGigabytes))
            {
                bool fits = Fit(segments, reservation, separate, TableCount(environment, whole));
                if (all is not null && all != fits)
                {
                    return null;
                }

                all = fits;
            }
        }

        return all;
    }

    private static bool[] Ways(bool? known, KernelVersion? version, KernelVersion since) =>
        known is { } way ? [way] : version is not null && version >= since ? [true] : [false, true];

    private static bool Fit(
        IReadOnlyList<KexecCallSegment> segments, PhysicalRange reservation, bool separate, ulong tables)
    {
        var pages = new ControlPages(segments, reservation);
        if (!pages.Take((ulong)(separate ? Pfn.PageSize : 2 * Pfn.PageSize)))
        {
            return false;
        }

        for (ulong left = tables + (separate ? 2UL : 1UL); left > 0; left--)
        {
            if (!pages.Take(Pfn.PageSize))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Page tables below the top one that map <see cref="KexecEnvironment.MappedMemory"/> one to one.</summary>
    /// <param name="environment">The machine.</param>
    /// <param name="whole">Whether only a GiB that is RAM as a whole gets a page of that size.</param>
    private static ulong TableCount(KexecEnvironment environment, bool whole)
    {
        // A table is made for each stretch of addresses that an entry above it covers.
        var top = new Stretches(FifthShift);
        var middle = new Stretches(TopShift);
        var gigabytes = new Stretches(GigabyteShift);
        foreach (PhysicalRange range in PhysicalRanges.Sorted(environment.MappedMemory))
        {
            if (range.IsEmpty)
            {
                continue;
            }

            top.Cover(range.Start.Value, range.End.Value - 1);
            middle.Cover(range.Start.Value, range.End.Value - 1);
            if (!environment.GigabytePages)
            {
                gigabytes.Cover(range.Start.Value, range.End.Value - 1);
            }
            else if (whole)
            {
                // A GiB that is mapped by one page of that size needs no table: only the ends can be parts of one.
                gigabytes.CoverPart(range.Start.Value);
                gigabytes.CoverPart(range.End.Value);
            }
        }

        return (environment.FiveLevelPaging == true ? top.Count : 0) + middle.Count + gigabytes.Count;
    }

    private bool Take(ulong size)
    {
        ulong start = AlignUp(_next, size);
        while (start + size - 1 <= _last)
        {
            KexecCallSegment? inTheWay = null;
            foreach (KexecCallSegment segment in _segments)
            {
                if (start + size - 1 >= segment.Start.Value && start <= segment.Last)
                {
                    inTheWay = segment;
                    break;
                }
            }

            if (inTheWay is null)
            {
                _next = start + size;
                return true;
            }

            start = AlignUp(inTheWay.Last, size);
        }

        return false;
    }

    private static ulong AlignUp(ulong value, ulong size) => (value + size - 1) & ~(size - 1);

    /// <summary>Counts stretches of addresses that are touched by ranges, ascending.</summary>
    private sealed class Stretches(int shift)
    {
        private ulong _next;

        internal ulong Count { get; private set; }

        internal void Cover(ulong first, ulong last)
        {
            ulong number = Math.Max(first >> shift, _next);
            if (last >> shift >= number)
            {
                Count += (last >> shift) - number + 1;
                _next = (last >> shift) + 1;
            }
        }

        /// <summary>The stretch that begins or ends not at <paramref name="boundary"/> but around it.</summary>
        internal void CoverPart(ulong boundary)
        {
            if ((boundary & ((1UL << shift) - 1)) != 0)
            {
                Cover(boundary, boundary);
            }
        }
    }
}
