using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Tests.Rules;

/// <summary>What guests of 512 MiB were seen to need, and how it grows.</summary>
public sealed class ControlPagesTests
{
    private static readonly PhysicalRange Reservation = Range(0x1d000000, 0x1f000000);

    private static readonly KexecEnvironment Guest = new()
    {
        Version = new KernelVersion(6, 14),
        FiveLevelPaging = true,
        GigabytePages = true,
        MappedMemory = [Range(0x1000, 0x9fc00), Range(0x100000, 0x1ffdf000)],
    };

    [Theory]
    [InlineData(true, 1, 5, true)]
    [InlineData(true, 1, 4, false)]
    [InlineData(true, 0, 6, true)]
    [InlineData(true, 0, 5, false)]
    [InlineData(false, 1, 5, false)]
    [InlineData(false, 2, 3, false)]
    [InlineData(false, 2, 4, true)]
    [InlineData(false, 0, 6, true)]
    [InlineData(false, 1, 6, true)]
    public void Pages_are_taken_upwards_and_two_at_once_only_where_both_are_aligned(
        bool separate, ulong below, ulong above, bool fits) =>
        Assert.Equal(fits, ControlPages.Fit(
            [Fill(below, above)], Reservation, Guest with { SeparateTopTable = separate, MapsWholeGigabytes = true }));

    [Theory]
    [InlineData(4, 0, true)]
    [InlineData(3, 0, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 1, false)]
    public void With_four_levels_one_table_less_is_needed(ulong below, ulong above, bool fits) =>
        Assert.Equal(fits, ControlPages.Fit(
            [Fill(below, above)], Reservation,
            Guest with { FiveLevelPaging = false, SeparateTopTable = false, MapsWholeGigabytes = false }));

    [Fact]
    public void What_depends_on_a_stable_release_is_not_known()
    {
        KexecEnvironment old = Guest with { Version = new KernelVersion(6, 1) };
        Assert.Null(ControlPages.Fit([Fill(1, 5)], Reservation, old));
        Assert.True(ControlPages.Fit([Fill(0, 8)], Reservation, old));
        Assert.False(ControlPages.Fit([Fill(0, 3)], Reservation, old));
    }

    [Fact]
    public void A_table_is_needed_for_each_GiB_without_pages_of_that_size()
    {
        KexecEnvironment large = Guest with { MappedMemory = [Range(0, 0x80000000), Range(0x100000000, 0x1_00000000 + (60UL << 30))] };
        Assert.True(ControlPages.Fit([Fill(0, 5)], Reservation, large));
        large = large with { GigabytePages = false };
        Assert.False(ControlPages.Fit([Fill(0, 66)], Reservation, large));
        Assert.True(ControlPages.Fit([Fill(0, 67)], Reservation, large));
    }

    private static KexecCallSegment Fill(ulong below, ulong above) => new(
        "fill", ByteCount.Zero, new PhysicalAddress(Reservation.Start.Value + (below << 12)),
        new ByteCount(Reservation.Length.Value - ((below + above) << 12)));

    private static PhysicalRange Range(ulong start, ulong end) => new(new PhysicalAddress(start), new PhysicalAddress(end));
}
