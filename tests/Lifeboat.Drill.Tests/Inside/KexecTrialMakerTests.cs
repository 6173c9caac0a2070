using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside.Trials;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Drill.Tests.Inside;

public sealed class KexecTrialMakerTests
{
    private static readonly TrialMemory Memory = new(0x7f0000000000);

    private static readonly KexecEnvironment Guest = new()
    {
        Version = new KernelVersion(6, 12),
        HasKexecJump = false,
        FiveLevelPaging = true,
        GigabytePages = true,
        MapsWholeGigabytes = true,
        SeparateTopTable = false,
        TotalRam = ByteCount.FromMiB(423),
        Reservation = Range(0x1d000000, 0x1f000000),
        MappedMemory = [Range(0x1000, 0x9fc00), Range(0x100000, 0x1ffdf000)],
    };

    [Fact]
    public void Trials_break_every_rule_about_a_call_and_many_break_none()
    {
        var broken = new Dictionary<string, int>(StringComparer.Ordinal);
        var maker = new KexecTrialMaker(1, Guest, Memory);
        for (int number = 0; number < 20_000; number++)
        {
            string name = FirstBroken(maker.Next())?.Rule.Name ?? "none";
            broken[name] = broken.GetValueOrDefault(name) + 1;
        }

        Assert.All(
            KexecRules.Rules.Where(rule => !rule.IsAboutTheMachine && rule.AppliesTo(Guest.Version)),
            rule => Assert.True(broken.GetValueOrDefault(rule.Name) >= 20, $"{rule.Name}: {broken.GetValueOrDefault(rule.Name)}"));
        Assert.InRange(broken["none"], 3_000, 10_000);
    }

    [Fact]
    public void The_same_seed_gives_the_same_calls()
    {
        var one = new KexecTrialMaker(7, Guest, Memory);
        var other = new KexecTrialMaker(7, Guest, Memory);
        for (int number = 0; number < 1000; number++)
        {
            Assert.Equal(one.Next().ToString(), other.Next().ToString());
        }
    }

    [Fact]
    public void Without_a_reservation_trials_are_made_all_the_same()
    {
        var maker = new KexecTrialMaker(3, Guest with { Reservation = default(PhysicalRange) }, Memory);
        for (int number = 0; number < 5000; number++)
        {
            Assert.NotNull(maker.Next());
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Calibration_finds_out_how_the_kernel_takes_its_pages(bool separate, bool whole)
    {
        KexecEnvironment kernel = Guest with { SeparateTopTable = separate, MapsWholeGigabytes = whole };
        KexecEnvironment found = TrialCalibration.Settle(
            Guest with { SeparateTopTable = null, MapsWholeGigabytes = null }, Memory,
            trial => KexecRules.Predict(trial.ToCall(Memory), kernel));
        Assert.Equal((separate, whole), (found.SeparateTopTable, found.MapsWholeGigabytes));
    }

    private static KexecRuleOutcome? FirstBroken(KexecTrial trial) =>
        KexecRuleOutcome.FirstBroken(KexecRules.Check(trial.ToCall(Memory), Guest));

    private static PhysicalRange Range(ulong start, ulong end) => new(new PhysicalAddress(start), new PhysicalAddress(end));
}
