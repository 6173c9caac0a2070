using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Guests;

public sealed class GuestRunTests : IDisposable
{
    private static readonly string[] ToPanic =
    [
        "SeaBIOS (version 1.16.2-debian-1.16.2-1)",
        "[    0.000000] Linux version 6.1.0-fake",
        "lifeboat: guest: up",
        "lifeboat: guest: armed 5 segments in [0x77000000, 0x7f000000)",
        "lifeboat: guest: workload ready 13 processes, 10752 pages of known bytes",
        "lifeboat: guest: panicking",
        "[    7.000000] sysrq: Trigger a crash",
        "[    7.000001] Kernel panic - not syncing: sysrq triggered crash",
    ];

    private static readonly string[] ToLog =
    [
        .. ToPanic,
        "lifeboat purgatory: segments verified, starting the capture kernel",
        "[    0.000000] Linux version 6.1.0-fake",
        "lifeboat: capture: [1.200000] init up",
        "[    1.300000] some driver: lifeboat: capture: [1.300000] modules loaded: 12 modules",
        "lifeboat: capture: [1.400000] target ready: /dev/vda",
        "lifeboat: capture: [1.500000] log durable: dmesg.txt, 63127 bytes",
    ];

    private static readonly string[] ToManifest =
    [
        .. ToLog,
        "lifeboat: capture: [1.600000] progress: 50 %",
        "lifeboat: capture: [4.500000] dump durable: vmcore.kdump",
        "lifeboat: capture: [4.600000] manifest durable",
        "lifeboat: capture: [4.600000] done",
    ];

    private readonly EventList _events = new();
    private readonly DrillLogbook _logbook;
    private readonly TemporaryFolder _folder = new();

    public GuestRunTests()
    {
        _logbook = new DrillLogbook(TimeProvider.System, _events);
        _logbook.Reached(DrillStage.Prepare);
        _logbook.Reached(DrillStage.Kernel);
        _logbook.Reached(DrillStage.Ramdisk);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_console_of_a_capture_that_went_well_reaches_every_stage()
    {
        GuestRun run = Watch(
            [.. ToManifest, "lifeboat: capture: [4.700000] final action: power off", "reboot: Power down"]);
        Assert.Equal(
            Enum.GetValues<DrillStage>().Where(stage => stage <= DrillStage.FinalAction),
            _logbook.Milestones.Select(milestone => milestone.Stage));
        Assert.Equal("dmesg.txt, 63127 bytes", _logbook.Milestones.Single(m => m.Stage == DrillStage.LogSaved).Detail);
        Assert.Equal("reboot: Power down", run.Console[^1]);
    }

    [Theory]
    [InlineData("segments verified", (int)DrillStage.Purgatory)]
    [InlineData("log durable", (int)DrillStage.LogSaved)]
    [InlineData("manifest durable", (int)DrillStage.ManifestSaved)]
    public void A_stage_that_nobody_told_of_was_not_reached_whatever_came_after(string missing, int stage)
    {
        DrillFailure failure = Fails(
            [.. ToManifest.Where(line => !line.Contains(missing, StringComparison.Ordinal)),
                "lifeboat: capture: [4.700000] final action: power off"]);
        Assert.Equal((DrillStage)stage, failure.Stage);
    }

    [Fact]
    public void A_guest_that_ends_early_fails_in_the_stage_that_comes_next()
    {
        DrillFailure failure = Fails([.. ToPanic]);
        Assert.Equal(DrillStage.Purgatory, failure.Stage);
        Assert.Equal("the guest reset or powered off before it", failure.What);
        Assert.Equal(ToPanic, failure.ConsoleTail);
    }

    [Fact]
    public void A_guest_that_ends_without_its_final_action_fails_there() =>
        Assert.Equal(DrillStage.FinalAction, Fails([.. ToManifest]).Stage);

    [Fact]
    public void What_purgatory_finds_changed_is_the_failure_with_a_hint()
    {
        DrillFailure failure = Fails(
            [.. ToPanic, "lifeboat purgatory: SHA-256 mismatch in segment 1 (ramdisk): the capture kernel is not started, resetting"]);
        Assert.Equal(DrillStage.Purgatory, failure.Stage);
        Assert.StartsWith("purgatory: SHA-256 mismatch in segment 1 (ramdisk)", failure.What, StringComparison.Ordinal);
        Assert.Contains("stray DMA", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_panic_before_its_time_is_a_failure()
    {
        DrillFailure failure = Fails(
            "lifeboat: guest: up", "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)");
        Assert.Equal(DrillStage.Arm, failure.Stage);
        Assert.StartsWith("the kernel panicked: VFS", failure.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_panic_of_the_capture_kernel_is_a_failure_with_what_to_do_about_memory()
    {
        DrillFailure failure = Fails(
            [.. ToLog, "[    9.0] Kernel panic - not syncing: System is deadlocked on memory"]);
        Assert.Equal(DrillStage.DumpSaved, failure.Stage);
        Assert.Equal("the kernel panicked: System is deadlocked on memory", failure.What);
        Assert.Contains("--crashkernel", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_that_saved_only_the_log_fails_at_the_dump_though_its_manifest_is_saved()
    {
        DrillFailure failure = Fails(
        [
            .. ToLog,
            "lifeboat: capture: [4.500000] failed: vmcore.kdump: no space left on device",
            "lifeboat: capture: [4.600000] manifest durable",
            "lifeboat: capture: [4.600000] failed: something later",
            "lifeboat: capture: [4.700000] final action: power off",
        ]);
        Assert.Equal(DrillStage.DumpSaved, failure.Stage);
        Assert.Equal("the capture said: vmcore.kdump: no space left on device", failure.What);
    }

    [Fact]
    public void What_the_guest_itself_says_of_a_failure_is_the_failure()
    {
        DrillFailure failure = Fails(
            "lifeboat: guest: up", "lifeboat: guest: failed: kexec_load: ENOMEM; not enough memory");
        Assert.Equal((DrillStage.Arm, "kexec_load: ENOMEM; not enough memory"), (failure.Stage, failure.What));
    }

    [Fact]
    public void Words_of_qemu_come_with_the_failure()
    {
        DrillFailure failure = Failure(
            FakeGuest.Start("echo 'qemu-system-x86_64: cannot set up guest memory' >&2; exit 1"), TestOptions.Default);
        Assert.Equal(DrillStage.Boot, failure.Stage);
        Assert.Equal("QEMU ended: qemu-system-x86_64: cannot set up guest memory", failure.What);
        Assert.Empty(failure.ConsoleTail);
    }

    [Fact]
    public void A_guest_that_says_nothing_is_given_up()
    {
        DrillFailure failure = Failure(
            FakeGuest.Start("read never"), TestOptions.Default with { StageDeadline = TimeSpan.Zero });
        Assert.Equal((DrillStage.Boot, "nothing was heard of it for 0 s"), (failure.Stage, failure.What));
    }

    [Fact]
    public void The_tail_is_the_last_thirty_lines()
    {
        string[] lines = [.. Enumerable.Range(0, 100).Select(number => $"line {number}")];
        Assert.Equal(lines[^30..], Fails(lines).ConsoleTail);
    }

    [Fact]
    public void A_bit_in_the_middle_of_the_ramdisk_is_changed_before_the_guest_goes_on()
    {
        using var server = new FakeDebuggerServer(_folder.Combine("gdb"));
        server.Memory[0x2080] = 0x41;
        GuestMachine guest = FakeGuest.Start(
            "echo 'lifeboat: guest: waiting for go kernel@1000+1000 ramdisk@2000+100'; read go; echo \"lifeboat: guest: $go\"");
        DrillOptions options = TestOptions.Default with { Fault = DrillFault.CorruptSegment, Crash = DrillCrash.Nmi };
        var run = new GuestRun(_logbook, options, _folder.Combine("gdb"));
        Assert.Throws<DrillStageException>(() => run.Watch(guest, CancellationToken.None));
        Assert.Equal("lifeboat: guest: go", run.Console[^1]);
        Assert.Contains("qRcmd,6e6d69", server.Commands);
        Assert.Equal(0x51, server.Memory[0x2080]);
        Assert.Contains(_events.Events, note => note.Text == "changed a bit of the loaded ramdisk at 0x2080");
    }

    [Fact]
    public void A_panic_that_did_not_get_to_be_printed_shows_in_purgatory()
    {
        foreach (DrillStage stage in Enum.GetValues<DrillStage>().Where(static stage => stage < DrillStage.Panic))
        {
            _logbook.Reached(stage);
        }

        var run = new GuestRun(_logbook, TestOptions.Default, null);
        GuestMachine guest = FakeGuest.Start("echo 'lifeboat purgatory: segments verified, starting the capture kernel'");
        Assert.Throws<DrillStageException>(() => run.Watch(guest, CancellationToken.None));
        Assert.Equal(DrillStage.CaptureUp, _logbook.Next);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kernel@1000+1000")]
    [InlineData("ramdisk@")]
    [InlineData("ramdisk@1000")]
    [InlineData("ramdisk@1000+")]
    [InlineData("ramdisk@x+y")]
    [InlineData("ramdisk@1000+1000+1000")]
    [InlineData("ramdisk@ffffffffffffffff+2")]
    [InlineData("ramdisk@11111111111111111+2")]
    public void A_guest_that_does_not_say_where_its_ramdisk_is_ends_the_drill(string segments)
    {
        GuestMachine guest = FakeGuest.Saying("lifeboat: guest: waiting for go " + segments);
        var run = new GuestRun(_logbook, TestOptions.Default, "/nonexistent/gdb");
        DrillFailure failure = Assert.Throws<DrillStageException>(() => run.Watch(guest, CancellationToken.None)).Failure;
        Assert.Contains("cannot be made", failure.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_ends_the_guest()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        GuestMachine guest = FakeGuest.Start("read never");
        Assert.Throws<OperationCanceledException>(
            () => new GuestRun(_logbook, TestOptions.Default, null).Watch(guest, cancellation.Token));
    }

    private GuestRun Watch(params IEnumerable<string> lines)
    {
        var run = new GuestRun(_logbook, TestOptions.Default, null);
        run.Watch(FakeGuest.Saying(lines), CancellationToken.None);
        return run;
    }

    private DrillFailure Fails(params IEnumerable<string> lines) =>
        Failure(FakeGuest.Saying(lines), TestOptions.Default);

    private DrillFailure Failure(GuestMachine guest, DrillOptions options)
    {
        var run = new GuestRun(_logbook, options, null);
        return Assert.Throws<DrillStageException>(() => run.Watch(guest, CancellationToken.None)).Failure;
    }
}
