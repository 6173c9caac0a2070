using FsCheck;
using FsCheck.Fluent;

namespace Lifeboat.Capture.Tests;

public sealed class CaptureMilestonesTests
{
    [Fact]
    public void A_line_looks_as_documented() => Assert.Equal(
        "lifeboat: capture: [2.345678] log durable: dmesg.txt, 63127 bytes",
        CaptureMilestones.Format(CaptureMilestone.LogDurable, TimeSpan.FromMicroseconds(2_345_678), "dmesg.txt, 63127 bytes"));

    [Fact]
    public void Every_milestone_is_read_back_whatever_stands_before_it()
    {
        Prop.ForAll<NonNull<string>, NonNegativeInt>((detail, microseconds) =>
        {
            return Enum.GetValues<CaptureMilestone>().All(milestone =>
            {
                string line = CaptureMilestones.Format(milestone, TimeSpan.FromMicroseconds(microseconds.Get), "x" + detail.Get);
                return !line.Contains('\n')
                    && CaptureMilestones.TryParse("[    1.0] kernel " + line + "\r", out CaptureMilestoneLine parsed)
                    && parsed.Milestone == milestone
                    && parsed.SinceBoot == TimeSpan.FromMicroseconds(microseconds.Get)
                    && (parsed.Detail.StartsWith('x') || detail.Get.Contains(CaptureMilestones.Prefix, StringComparison.Ordinal));
            });
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("lifeboat: capture: ")]
    [InlineData("lifeboat: capture: [1.5] note: something")]
    [InlineData("lifeboat: capture: [1.5] doner")]
    [InlineData("lifeboat: capture: [-1] done")]
    [InlineData("lifeboat: capture: [NaN] done")]
    [InlineData("lifeboat: capture: [99999999999999999999999] done")]
    [InlineData("lifeboat: capture: [1.5]done")]
    public void Other_lines_are_no_milestones(string line) => Assert.False(CaptureMilestones.TryParse(line, out _));
}
