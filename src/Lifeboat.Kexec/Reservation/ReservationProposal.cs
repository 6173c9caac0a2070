using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Reservation;

/// <summary>A size for <c>crashkernel=</c> that follows from what a drill has measured, and how.</summary>
/// <param name="Size">The size, a multiple of 16 MiB.</param>
/// <param name="Measured">The smallest reservation that captured in the drill.</param>
/// <param name="Margin">A quarter more: devices that the drill's guest has not, and what the next update adds.</param>
/// <param name="ForRamdisk">What the ramdisk that will be loaded takes beyond the drill's.</param>
/// <param name="ForRam">What the machine's RAM beyond the guest's takes: page tables of the switch-over, and bits for its pages.</param>
public sealed record ReservationProposal(
    ByteCount Size, ByteCount Measured, ByteCount Margin, ByteCount ForRamdisk, ByteCount ForRam)
{
    /// <summary>A ramdisk lies there packed, and unpacked to about three times as much.</summary>
    private const ulong RamdiskFactor = 4;

    /// <summary>For each GiB a page of page tables, and a quarter of a million pages with two bits each for the filter.</summary>
    private const ulong BytesPerGiB = 4096 + (1 << 16);

    private static readonly ByteCount Step = ByteCount.FromMiB(16);

    /// <summary>The word for the command line.</summary>
    public string Word => $"crashkernel={Size.MiBRoundedUp}M";

    /// <summary>Makes a proposal.</summary>
    /// <param name="measured">The smallest reservation that captured.</param>
    /// <param name="ram">The machine's RAM.</param>
    /// <param name="extraRamdisk">Bytes of the ramdisk that will be loaded beyond those of the drill's.</param>
    public static ReservationProposal From(ByteCount measured, ByteCount ram, ByteCount extraRamdisk)
    {
        var margin = new ByteCount(measured.Value / 4);
        var forRamdisk = new ByteCount(extraRamdisk.Value * RamdiskFactor);
        var forRam = new ByteCount((ram.Value >> 30) * BytesPerGiB);
        return new((measured + margin + forRamdisk + forRam).AlignUp(Step), measured, margin, forRamdisk, forRam);
    }
}
