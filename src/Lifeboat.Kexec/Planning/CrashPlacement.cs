using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// Places the kernel at the bottom of the reservation and the others from its top downwards, so that what is free is
/// one piece, and the memory map stays one piece with the ELF core header cut off its end.
/// </summary>
internal sealed class CrashPlacement : SegmentPlacement
{
    /// <summary>What a capture needs beyond the segments: the kernel's own memory and the capture process.</summary>
    private static readonly ByteCount WorkingMemory = ByteCount.FromMiB(24);

    private readonly List<PlacedSegment> _placed = [];
    private readonly PhysicalRange _reservation;
    private readonly ByteCount _controlPages;
    private readonly PhysicalAddress _kernelEnd;
    private PhysicalAddress _top;

    internal CrashPlacement(MachineDescription machine, PhysicalRange reservation, KernelImage image)
    {
        _reservation = reservation;
        _top = new PhysicalAddress(reservation.End.Value & ~(ByteCount.Page.Value - 1));
        _controlPages = EstimateControlPages(machine);
        Kernel = KernelPlace.At(image, KernelPlace.Lowest(image, reservation.Start));
        if (!image.IsRelocatable && !reservation.Contains(Kernel))
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageDoesNotFitMachine,
                "The kernel image runs at one place only, which does not lie in the reservation")
            {
                Where = image.Name,
                Found = $"it needs {Kernel}, reserved is {reservation}",
                Remedy = "Use a relocatable kernel (CONFIG_RELOCATABLE=y), or reserve memory there: "
                    + $"crashkernel={reservation.Length.MiBRoundedUp}M@{Kernel.Start.Value >> 20}M",
            });
        }

        _kernelEnd = Kernel.End;
        _placed.Add(new PlacedSegment("kernel", Kernel.Length));
    }

    internal override IReadOnlyList<PhysicalRange> Usable => [_reservation];

    /// <summary>
    /// The next place downwards, whatever the bound: <see cref="MachineFitness"/> has compared the reservation with it. May lie
    /// below the kernel when the reservation is too small, which <see cref="RequireRoom"/> tells once all sizes are known.
    /// </summary>
    internal override PhysicalRange Take(string name, int bytes, PhysicalAddress end)
    {
        ByteCount size = new ByteCount((ulong)bytes).AlignUp(ByteCount.Page);
        _placed.Add(new PlacedSegment(name, size));

        // With too small a reservation addresses no longer matter, only that the sizes are all collected.
        _top = _top.Value > size.Value ? _top - size : PhysicalAddress.Zero;
        return PhysicalRange.FromLength(_top, size);
    }

    /// <inheritdoc/>
    internal override void RequireRoom()
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
