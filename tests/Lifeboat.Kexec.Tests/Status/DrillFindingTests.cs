using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Tests.Status;

public sealed class DrillFindingTests
{
    [Theory]
    [InlineData(true, "6.1.0", 128, 96, 128, "passed on 2026-11-20, 2 days ago with this kernel: 96 MiB are enough", false)]
    [InlineData(true, "6.1.0", 128, 0, 128, "passed on 2026-11-20, 2 days ago with this kernel: 128 MiB were enough", false)]
    [InlineData(true, "6.1.0", 128, 96, 64, "passed on 2026-11-20, 2 days ago with this kernel: it took 96 MiB, and 64 MiB are reserved", true)]
    [InlineData(true, "6.1.0", 128, 0, 64, "passed on 2026-11-20, 2 days ago with this kernel: with 128 MiB, and only 64 MiB are reserved (lifeboat drill --find-minimum)", false)]
    [InlineData(true, "5.10.0", 128, 96, 64, "passed on 2026-11-20, 2 days ago with 5.10.0, not with this kernel: it took 96 MiB, and 64 MiB are reserved", false)]
    [InlineData(false, "6.1.0", 128, 0, 128, "failed on 2026-11-20, 2 days ago with this kernel", true)]
    [InlineData(false, "", 128, 0, 128, "failed on 2026-11-20, 2 days ago", false)]
    public void Says_when_with_which_kernel_and_whether_the_reservation_is_large_enough(
        bool passed, string release, int rehearsed, int minimum, int reserved, string text, bool isBad)
    {
        var status = new KexecStatus
        {
            Release = "6.1.0",
            ReservationSize = ByteCount.FromMiB((ulong)reserved),
            LastDrill = new LastDrill
            {
                Time = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero),
                KernelRelease = release,
                Passed = passed,
                ReservationBytes = ByteCount.FromMiB((ulong)rehearsed).Value,
                MinimumBytes = minimum == 0 ? null : ByteCount.FromMiB((ulong)minimum).Value,
                Seconds = 1,
            },
        };
        var now = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal(new DrillFinding(text, isBad), DrillFinding.Of(status, now));
    }

    [Fact]
    public void A_machine_without_a_drill_is_told_to_have_one()
    {
        DrillFinding finding = DrillFinding.Of(new KexecStatus());
        Assert.False(finding.IsBad);
        Assert.Contains("lifeboat drill", finding.Text, StringComparison.Ordinal);
    }
}
