using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// Places the kernel at the bottom of the reservation and the others from its top downwards, so that what is free is
/// one piece, and the memory map stays one piece with the ELF core header cut off its end.
/// </summary>
internal sealed class SegmentPlacement
{
    /// <summary>What a capture needs beyond the segments: the kernel's own memory and the capture process.</summary>
    private static readonly ByteCount WorkingMemory = ByteCount.FromMiB(24);

    private readonly List<PlacedSegment> _placed = [];
    private readonly PhysicalRange _reservation;
    private readonly ByteCount _controlPages;
    private readonly PhysicalAddress _kernelEnd;
    private PhysicalAddress _top;

    internal SegmentPlacement(MachineDescription machine, PhysicalRange reservation, KernelImage image)
    {
        _reservation = reservation;
        _top = new PhysicalAddress(reservation.End.Value & ~(ByteCount.Page.Value - 1));
        _controlPages = EstimateControlPages(machine);
        PhysicalAddress lowest =
            reservation.Start > image.PreferredAddress ? reservation.Start : image.PreferredAddress;
        Kernel = PhysicalRange.FromLength(lowest.AlignUp(image.Alignment), image.MemorySize);
        _kernelEnd = Kernel.End;
        _placed.Add(new PlacedSegment("kernel", Kernel.Length));
    }

    /// <summary>Where the kernel goes.</summary>
    internal PhysicalRange Kernel { get; }

    /// <summary>
    /// The next place downwards. May lie below the kernel when the reservation is too small, which
    /// <see cref="RequireRoom"/> tells once all sizes are known.
    /// </summary>
    internal PhysicalRange Take(string name, int bytes)
    {
        ByteCount size = new ByteCount((ulong)bytes).AlignUp(ByteCount.Page);
        _placed.Add(new PlacedSegment(name, size));

        // With too small a reservation addresses no longer matter, only that the sizes are all collected.
        _top = _top.Value > size.Value ? _top - size : PhysicalAddress.Zero;
        return PhysicalRange.FromLength(_top, size);
    }

    /// <summary>Tells when the segments did not fit, with every number that is needed to make them.</summary>
    /// <exception cref="DiagnosticException">They did not.</exception>
    internal void RequireRoom()
    {
        if (_kernelEnd + _controlPages <= _top)
        {
            return;
        }

        ByteCount gap = Kernel.Start - _reservation.Start;
        ByteCount need = _placed.Aggregate(gap + _controlPages, (sum, segment) => sum + segment.Size);
        ulong advice = (need + WorkingMemory).AlignUp(ByteCount.FromMiB(16)).MiBRoundedUp;
        bool high = _reservation.Start.Value >= 1UL << 32;
        string sizes = string.Join(", ", _placed.Select(segment => $"{segment.Name} {segment.Size}"));
        throw new DiagnosticException(new Diagnostic(
            KexecDiagnostics.ReservationTooSmall, "The memory reserved for the capture kernel is too small")
        {
            Where = $"reservation {_reservation}",
            Found = $"{_reservation.Length} reserved",
            Expected = $"{need} for the segments ({sizes}, alignment {gap}, control pages {_controlPages})",
            Remedy = $"Boot with crashkernel={advice}M{(high ? ",high" : "")}, "
                + "which leaves room for the capture itself too",
        });
    }

    /// <summary>
    /// The kernel takes its switch-over code, and page tables that map all memory by pages of 2 MiB, from what is free
    /// in the reservation: a page for each GiB and each 512 GiB, and a few.
    /// </summary>
    private static ByteCount EstimateControlPages(MachineDescription machine)
    {
        // Holes between RAM are not mapped: a machine with memory far apart needs no more than its RAM does.
        ulong gibibytes = 1;
        foreach (PhysicalRange range in machine.Ram)
        {
            gibibytes += (range.Length.Value >> 30) + 2;
        }

        return ByteCount.FromKiB(4 * (32 + gibibytes + (gibibytes / 512)));
    }
}
