using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture;
using Lifeboat.Drill.Guests;

namespace Lifeboat.Drill.Tests.Guests;

public sealed class ConsoleSignTests
{
    [Theory]
    [InlineData("lifeboat: guest: up", DrillStage.Boot, "")]
    [InlineData(
        "lifeboat: guest: armed 5 segments in [0x77000000, 0x7f000000)", DrillStage.Arm, "5 segments in [0x77000000, 0x7f000000)")]
    [InlineData(
        "lifeboat: guest: workload ready 13 processes, 10752 pages of known bytes", DrillStage.Workload, "13 processes, 10752 pages of known bytes")]
    [InlineData("lifeboat purgatory: segments verified, starting the capture kernel", DrillStage.Purgatory, "")]
    [InlineData("lifeboat: capture: [1.234567] init up", DrillStage.CaptureUp, "")]
    [InlineData("lifeboat: capture: [1.5] modules loaded: 12 modules", DrillStage.ModulesLoaded, "12 modules")]
    [InlineData("lifeboat: capture: [2.0] target ready: /dev/vda", DrillStage.TargetReady, "/dev/vda")]
    [InlineData(
        "lifeboat: capture: [2.1] log durable: dmesg.txt, 63127 bytes", DrillStage.LogSaved, "dmesg.txt, 63127 bytes")]
    [InlineData(
        "lifeboat: capture: [9.1] dump durable: vmcore.kdump, 21 MiB", DrillStage.DumpSaved, "vmcore.kdump, 21 MiB")]
    public void A_milestone_is_a_stage_with_its_detail(string line, DrillStage stage, string detail)
    {
        ConsoleSign expected = new(ConsoleSignKind.Reached, stage, detail);
        Assert.Equal(expected, ConsoleSign.Read(line, panicExpected: false));
        Assert.Equal(expected, ConsoleSign.Read(line, panicExpected: true));
        Assert.Equal(
            expected, ConsoleSign.Read("[    3.141592] half a line of the kernel's" + line, panicExpected: false));
        Assert.Equal(expected, ConsoleSign.Read("\u001b[2J\ufffd" + line + "  ", panicExpected: false));
    }

    [Theory]
    [InlineData("lifeboat: guest: failed: mount ext4: ENODEV", ConsoleSignKind.Failed, "mount ext4: ENODEV")]
    [InlineData(
        "lifeboat: guest: waiting for go ramdisk@7000000+1000", ConsoleSignKind.Waiting, "ramdisk@7000000+1000")]
    [InlineData("lifeboat: guest: panicking", ConsoleSignKind.Alive, "panicking")]
    [InlineData("lifeboat: guest: ", ConsoleSignKind.Alive, "")]
    [InlineData(
        "lifeboat: capture: [2.2] note: the memory map is damaged", ConsoleSignKind.Alive, "[2.2] note: the memory map is damaged")]
    [InlineData("lifeboat: capture: [2.2] progress: 50 %", ConsoleSignKind.Alive, "[2.2] progress: 50 %")]
    [InlineData("lifeboat: capture: [2.2] done", ConsoleSignKind.Alive, "")]
    [InlineData("lifeboat: capture: [2.2] failed: no target", ConsoleSignKind.CaptureFailed, "no target")]
    [InlineData("lifeboat: capture: [9.2] final action: power off", ConsoleSignKind.Ending, "power off")]
    [InlineData("lifeboat: capture: [9.2] manifest durable", ConsoleSignKind.Reached, "")]
    public void Other_lines_of_ours_are_what_they_say(string line, object kind, string text)
    {
        ConsoleSign sign = ConsoleSign.Read(line, panicExpected: true);
        Assert.Equal((kind, text), (sign.Kind, sign.Text));
    }

    [Fact]
    public void A_mismatch_in_purgatory_is_a_failure_of_that_stage()
    {
        ConsoleSign sign = ConsoleSign.Read(
            "lifeboat purgatory: SHA-256 mismatch in segment 1 (ramdisk): the capture kernel is not started, resetting",
            panicExpected: false);
        Assert.Equal((ConsoleSignKind.Failed, DrillStage.Purgatory), (sign.Kind, sign.Stage));
        Assert.Contains("segment 1 (ramdisk)", sign.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_panic_that_is_expected_is_one_that_was_reached()
    {
        const string Line = "[    7.654321] Kernel panic - not syncing: sysrq triggered crash";
        Assert.Equal(
            new ConsoleSign(ConsoleSignKind.Reached, DrillStage.Panic, "sysrq triggered crash"),
            ConsoleSign.Read(Line, panicExpected: true));
        Assert.Equal(ConsoleSignKind.Failed, ConsoleSign.Read(Line, panicExpected: false).Kind);
    }

    [Theory]
    [InlineData("BUG: kernel NULL pointer dereference, address: 0000000000000010")]
    [InlineData("kernel BUG at lifeboat_crash.c:42!")]
    [InlineData("Oops: general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b6b: 0000 [#1]")]
    [InlineData("divide error: 0000 [#1] PREEMPT SMP NOPTI")]
    public void An_oops_is_the_panic_when_one_is_expected(string line)
    {
        Assert.Equal(
            new ConsoleSign(ConsoleSignKind.Reached, DrillStage.Panic, line),
            ConsoleSign.Read("[    7.654321] " + line, panicExpected: true));
        Assert.Equal(ConsoleSignKind.None, ConsoleSign.Read(line, panicExpected: false).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SeaBIOS (version 1.16.2-debian-1.16.2-1)")]
    [InlineData("[    0.000000] Linux version 6.1.0-56-amd64")]
    [InlineData("lifeboat: gues")]
    [InlineData("lifeboat purgatory:")]
    [InlineData("lifeboat: capture:")]
    [InlineData("Kernel panic - not syncing")]
    public void Lines_of_others_and_truncated_lines_say_nothing(string line) =>
        Assert.Equal(ConsoleSignKind.None, ConsoleSign.Read(line, panicExpected: true).Kind);

    [Fact]
    public void Every_milestone_that_a_capture_writes_is_understood()
    {
        foreach (CaptureMilestone milestone in Enum.GetValues<CaptureMilestone>())
        {
            string line = CaptureMilestones.Format(milestone, TimeSpan.FromSeconds(3), "detail");
            Assert.NotEqual(ConsoleSignKind.None, ConsoleSign.Read(line, panicExpected: false).Kind);
        }
    }

    [Fact]
    public void Any_text_is_read_without_an_error() => Prop.ForAll<string, bool>((text, expected) =>
    {
        foreach (string prefix in (string[])["", "lifeboat: guest: ", "lifeboat: capture: [", "lifeboat purgatory: "])
        {
            _ = ConsoleSign.Read(prefix + text, expected);
        }
    }).QuickCheckThrowOnFailure();
}
