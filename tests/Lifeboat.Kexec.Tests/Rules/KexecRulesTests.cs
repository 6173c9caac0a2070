using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Rules;

public sealed class KexecRulesTests
{
    private const ulong Start = 0x77000000;
    private const ulong End = 0x7f000000;
    private const ulong Maximum = ulong.MaxValue;
    private const uint Native = 62u << 16;

    private static readonly KexecEnvironment Machine = KexecEnvironment.Of(MachineTree.Machine()) with
    {
        Version = new KernelVersion(6, 12),
        HasKexecLoad = true,
        HasKexecJump = false,
        HasSysBootCapability = true,
        InUserNamespace = false,
        LoadDisabled = false,
        LoadLimitPanic = -1,
        LoadLimitReboot = -1,
        ImaAppraisesKernels = false,
        Lockdown = "none",
    };

    private static readonly KexecLoadCall Good = new()
    {
        EntryPoint = new PhysicalAddress(Start),
        Segments = [Segment(Start, 0x2000, 0x1800), Segment(0x78000000, 0x1000, 0)],
        Flags = (KexecLoadFlags)(Native | 1),
    };

    [Fact]
    public void A_sound_call_keeps_every_rule_and_all_but_a_load_under_way_are_checked()
    {
        IReadOnlyList<KexecRuleOutcome> outcomes = KexecRules.Check(Good, Machine);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Violation));
        Assert.Equal(["not-busy"], outcomes.Where(outcome => !outcome.Checked).Select(outcome => outcome.Rule.Name));
        Assert.Equal(Errno.None, KexecRules.Predict(Good, Machine));
    }

    [Theory]
    [InlineData("no-wrap", Errno.EADDRNOTAVAIL, Start, Maximum - Start + 1)]
    [InlineData("page-aligned", Errno.EADDRNOTAVAIL, Start + 1, 0x1000UL)]
    [InlineData("page-aligned", Errno.EADDRNOTAVAIL, Start, 0x1001UL)]
    [InlineData("below-limit", Errno.EADDRNOTAVAIL, (1UL << 46) - 0x1000, 0x1000UL)]
    [InlineData("no-overlap", Errno.EINVAL, 0x78000000UL, 0x1000UL)]
    [InlineData("segment-below-half", Errno.EINVAL, 0x100000000UL, 0x40000000UL)]
    [InlineData("in-reservation", Errno.EADDRNOTAVAIL, Start - 0x1000, 0x1000UL)]
    [InlineData("in-reservation", Errno.EADDRNOTAVAIL, End, 0x1000UL)]
    [InlineData("in-reservation", Errno.EADDRNOTAVAIL, 0UL, 0UL)]
    [InlineData(null, Errno.None, End - 0x1000, 0x1000UL)]
    [InlineData(null, Errno.None, End, 0UL)]
    [InlineData("control-pages", Errno.ENOMEM, 0x78001000UL, End - 0x78001000)]
    public void Where_a_segment_lies_decides(string? name, Errno errno, ulong start, ulong length)
    {
        KexecLoadCall call = Good with { Segments = [.. Good.Segments, Segment(start, length, 0)] };
        if (name == "control-pages")
        {
            call = call with { Segments = [.. call.Segments, Segment(Start + 0x2000, 0x78000000 - Start - 0x2000, 0)] };
            Assert.Equal(
                "sum-below-half", FirstBroken(call, Machine with { TotalRam = ByteCount.FromMiB(255) })?.Rule.Name);
        }

        Assert.Equal(name, FirstBroken(call, Machine)?.Rule.Name);
        Assert.Equal(errno, KexecRules.Predict(call, Machine));
    }

    [Fact]
    public void What_comes_first_for_the_kernel_decides()
    {
        KexecLoadCall call = Good with { Segments = [.. Good.Segments, Segment(1, 0x1000, 0x2000)] };
        Assert.Equal("page-aligned", FirstBroken(call, Machine)?.Rule.Name);
        call = call with { EntryPoint = new PhysicalAddress(End) };
        Assert.Equal("entry-in-reservation", FirstBroken(call, Machine)?.Rule.Name);
        call = call with { SegmentsReadable = false };
        Assert.Equal("segments-readable", FirstBroken(call, Machine)?.Rule.Name);
        Assert.Equal(
            "entry-in-reservation", FirstBroken(call, Machine with { Version = new KernelVersion(5, 10) })?.Rule.Name);
        call = call with { ToldSegments = 17 };
        Assert.Equal("segment-count", FirstBroken(call, Machine)?.Rule.Name);
        Assert.Equal("not-locked-down", FirstBroken(call, Machine with { Lockdown = "integrity" })?.Rule.Name);
        Assert.Equal("capability", FirstBroken(call, Machine with { HasSysBootCapability = false })?.Rule.Name);
    }

    [Theory]
    [InlineData(0x0u, Errno.None)]
    [InlineData(Native, Errno.None)]
    [InlineData(183u << 16, Errno.EINVAL)]
    [InlineData(3u << 16, Errno.EINVAL)]
    [InlineData(0x2u, Errno.EINVAL)]
    [InlineData(0x4u, Errno.None)]
    [InlineData(0x8u, Errno.None)]
    [InlineData(0x10u, Errno.EINVAL)]
    [InlineData(0x8000u, Errno.EINVAL)]
    public void Flags_are_those_of_the_kernel_s_version_and_build(uint flags, Errno errno)
    {
        KexecLoadCall call = Good with { Flags = (KexecLoadFlags)(flags | 1) };
        Assert.Equal(errno, KexecRules.Predict(call, Machine));
        bool newer = flags is 4 or 8;
        Assert.Equal(
            newer ? Errno.EINVAL : errno, KexecRules.Predict(call, Machine with { Version = new KernelVersion(6, 1) }));
        Assert.Equal(
            flags == 2 ? Errno.None : errno, KexecRules.Predict(call, Machine with { HasKexecJump = true }));
    }

    [Fact]
    public void A_call_without_segments_unloads_whatever_else_it_says()
    {
        var call = new KexecLoadCall { EntryPoint = new PhysicalAddress(1), Flags = (KexecLoadFlags)1, SegmentsReadable = false };
        Assert.Equal(Errno.None, KexecRules.Predict(call, Machine));
        Assert.Equal(Errno.EPERM, KexecRules.Predict(call, Machine with { LoadLimitPanic = 0 }));
    }

    [Fact]
    public void An_image_for_a_reboot_may_lie_anywhere_but_in_nothing_at_zero()
    {
        KexecLoadCall call = Good with { Flags = (KexecLoadFlags)Native, Segments = [Segment(0x100000, 0x1000, 1)] };
        Assert.Equal(Errno.None, KexecRules.Predict(call, Machine));
        call = call with { Segments = [Segment(0, 0, 0)] };
        Assert.Equal(Errno.ENOMEM, KexecRules.Predict(call, Machine));
        Assert.Equal(Errno.None, KexecRules.Predict(call, Machine with { Version = new KernelVersion(6, 1) }));
    }

    [Fact]
    public void A_buffer_that_cannot_be_read_is_found_last_and_only_where_it_is_read()
    {
        KexecLoadCall call = Good with { Segments = [Segment(Start, 0x1000, 1) with { ContentReadable = false }] };
        Assert.Equal("content-readable", FirstBroken(call, Machine)?.Rule.Name);
        call = Good with { Segments = [Segment(Start, 0x1000, 0) with { ContentReadable = false }] };
        Assert.Equal(Errno.None, KexecRules.Predict(call, Machine));
    }

    [Fact]
    public void What_is_not_known_is_not_checked()
    {
        IReadOnlyList<KexecRuleOutcome> outcomes = KexecRules.Check(Good, new KexecEnvironment());
        Assert.All(outcomes, outcome => Assert.Null(outcome.Violation));
        Assert.Equal(
            ["built-in", "capability", "not-disabled", "within-limit", "no-appraisal", "not-locked-down", "not-busy",
                "entry-in-reservation", "segment-below-half", "sum-below-half", "in-reservation", "control-pages"],
            outcomes.Where(outcome => !outcome.Checked).Select(outcome => outcome.Rule.Name));
    }

    [Fact]
    public void A_machine_without_a_reservation_takes_no_crash_image()
    {
        KexecEnvironment none = Machine with { Reservation = default(PhysicalRange) };
        Assert.Equal("entry-in-reservation", FirstBroken(Good, none)?.Rule.Name);

        // The kernel's own range is then the byte 0.
        Assert.Equal("in-reservation", FirstBroken(Good with { EntryPoint = PhysicalAddress.Zero }, none)?.Rule.Name);
    }

    [Fact]
    public void Every_rule_has_a_name_a_statement_and_a_remedy()
    {
        Assert.All(KexecRules.Rules.Concat(KexecFileRules.Rules), rule =>
        {
            Assert.Matches("^[a-z-]+$", rule.Name);
            Assert.NotEmpty(rule.Statement);
            Assert.NotEmpty(rule.Remedy);
            Assert.NotEqual(Errno.None, rule.Errno);
        });
        KexecRuleOutcome broken = FirstBroken(Good with { ToldSegments = 17 }, Machine)!;
        Assert.Contains("segment-count", broken.ToDiagnostic().ToString(), StringComparison.Ordinal);
        Assert.Contains(broken.Rule.Remedy, broken.ToDiagnostic().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_refuses_does_not_end_a_plan_but_its_rules_tell()
    {
        LoadPlan plan = CrashLoadPlanner.Plan(TestPlans.Request() with
        {
            Machine = MachineTree.Machine() with { Environment = new KexecEnvironment { Lockdown = "integrity" } },
        });
        Assert.Equal("not-locked-down", KexecRuleOutcome.FirstBroken(plan.Rules)?.Rule.Name);
    }

    private static KexecRuleOutcome? FirstBroken(KexecLoadCall call, KexecEnvironment environment) =>
        KexecRuleOutcome.FirstBroken(KexecRules.Check(call, environment));

    private static KexecCallSegment Segment(ulong start, ulong length, ulong content) =>
        new("test", new ByteCount(content), new PhysicalAddress(start), new ByteCount(length));
}
