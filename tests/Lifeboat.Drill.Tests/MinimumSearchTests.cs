using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Reporting;
using Lifeboat.Drill.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests;

public sealed class MinimumSearchTests
{
    private const ulong StepMiB = 8;

    [Fact]
    public void The_smallest_that_captures_is_found_whatever_it_is() =>
        Prop.ForAll<byte, byte>((needed, largest) =>
        {
            ulong needs = needed % 64UL;
            ulong upTo = 1 + (largest % 64UL);
            MinimumReservation found = MinimumSearch.Run(
                ByteCount.FromMiB(upTo * StepMiB), size => Report(size >= ByteCount.FromMiB(needs * StepMiB)));
            return needs > upTo
                ? found.Smallest is null && found.Trials.Count == 1
                : found.Smallest == ByteCount.FromMiB(Math.Max(1, needs) * StepMiB) && found.Trials.Count <= 8;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_reservation_is_tried_twice()
    {
        MinimumReservation found = MinimumSearch.Run(
            ByteCount.FromMiB(256), size => Report(size >= ByteCount.FromMiB(90)));
        Assert.Equal(ByteCount.FromMiB(96), found.Smallest);
        Assert.Equal(found.Trials.Count, found.Trials.Select(trial => trial.Size).Distinct().Count());
        Assert.Equal([256UL, 128, 64, 96, 80, 88], found.Trials.Select(trial => trial.Size.MiBRoundedUp));
    }

    [Fact]
    public void The_largest_is_rounded_up_to_the_step()
    {
        MinimumReservation found = MinimumSearch.Run(ByteCount.FromMiB(9), _ => Report(passes: false));
        Assert.Equal(ByteCount.FromMiB(16), Assert.Single(found.Trials).Size);
    }

    [Fact]
    public void The_result_reads_as_agreed()
    {
        MinimumReservation found = MinimumSearch.Run(
            ByteCount.FromMiB(128), size => Report(size >= ByteCount.FromMiB(90)));
        Golden.Matches("minimum.txt", found + "\n");
        Golden.Matches("minimum.json", MinimumReservationDocument.From(found).ToJson() + "\n");
    }

    [Fact]
    public void A_search_in_vain_says_so() => Assert.StartsWith(
        "None of the reservations tried captures",
        MinimumSearch.Run(ByteCount.FromMiB(128), _ => Report(passes: false)).ToString(),
        StringComparison.Ordinal);

    private static DrillReport Report(bool passes) => new()
    {
        Options = TestOptions.Default,
        Milestones = [],
        Failure = passes ? null : new DrillFailure { Stage = DrillStage.CaptureUp, What = "nothing was heard of it for 180 s" },
        Manifest = passes
            ? new CaptureManifest { ToolVersion = "1", Tiers = [], Memory = new() { LowestAvailableBytes = 5 << 20 } }
            : null,
    };
}
