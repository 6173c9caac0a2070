using System.Text.Json;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Status;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Status;

public sealed class PanicRoadTests
{
    private const PanicOutcome Captured = PanicOutcome.Captured;
    private const PanicOutcome GoesOn = PanicOutcome.GoesOn;
    private const PanicOutcome Unnoticed = PanicOutcome.Unnoticed;

    [Theory]
    [InlineData("oops", "", GoesOn, "kernel.panic_on_oops = 0, oops_limit = 10000", "kernel.panic_on_oops=1")]
    [InlineData("oops", "panic_on_oops=1", Captured, "kernel.panic_on_oops = 1", null)]
    [InlineData("oops", "oops_limit=1", Captured, "kernel.oops_limit = 1", null)]
    [InlineData("oops", "oops_limit=0", GoesOn, "kernel.panic_on_oops = 0", "kernel.panic_on_oops=1")]
    [InlineData("soft-lockup", "", GoesOn, "kernel.softlockup_panic = 0", "kernel.softlockup_panic=1")]
    [InlineData("soft-lockup", "softlockup_panic=1", Captured, "kernel.softlockup_panic = 1", null)]
    [InlineData("soft-lockup", "soft_watchdog=0", Unnoticed, "kernel.soft_watchdog = 0", "kernel.soft_watchdog=1 kernel.softlockup_panic=1")]
    [InlineData("soft-lockup", "watchdog_thresh=0", Unnoticed, "kernel.watchdog_thresh = 0", "kernel.watchdog_thresh=10 kernel.softlockup_panic=1")]
    [InlineData("soft-lockup", "soft_watchdog=-", Unnoticed, "the kernel has no soft_watchdog", null)]
    [InlineData("hard-lockup", "", GoesOn, "kernel.hardlockup_panic = 0", "kernel.hardlockup_panic=1")]
    [InlineData("hard-lockup", "hardlockup_panic=1", Captured, "kernel.hardlockup_panic = 1", null)]
    [InlineData("hard-lockup", "nmi_watchdog=0 hardlockup_panic=1", Unnoticed, "kernel.nmi_watchdog = 0", "kernel.nmi_watchdog=1 kernel.hardlockup_panic=1")]
    [InlineData("hung-task", "", GoesOn, "kernel.hung_task_panic = 0", "kernel.hung_task_panic=1")]
    [InlineData("hung-task", "hung_task_panic=3", Captured, "kernel.hung_task_panic = 3", null)]
    [InlineData("hung-task", "hung_task_timeout_secs=0 hung_task_panic=1", Unnoticed, "kernel.hung_task_timeout_secs = 0", "kernel.hung_task_timeout_secs=120 kernel.hung_task_panic=1")]
    [InlineData("hung-task", "hung_task_timeout_secs=-", Unnoticed, "the kernel does not look for them", null)]
    [InlineData("rcu-stall", "", GoesOn, "kernel.panic_on_rcu_stall = 0", "kernel.panic_on_rcu_stall=1")]
    [InlineData("rcu-stall", "panic_on_rcu_stall=1", Captured, "kernel.panic_on_rcu_stall = 1", null)]
    [InlineData("unknown-nmi", "", GoesOn, "kernel.unknown_nmi_panic = 0", "kernel.unknown_nmi_panic=1")]
    [InlineData("unknown-nmi", "unknown_nmi_panic=1", Captured, "kernel.unknown_nmi_panic = 1", null)]
    [InlineData("unknown-nmi", "panic_on_unrecovered_nmi=1", Captured, "kernel.panic_on_unrecovered_nmi = 1", null)]
    [InlineData("memory-nmi", "", GoesOn, "kernel.panic_on_unrecovered_nmi = 0", "kernel.panic_on_unrecovered_nmi=1")]
    [InlineData("memory-nmi", "unknown_nmi_panic=1", GoesOn, "kernel.panic_on_unrecovered_nmi = 0", "kernel.panic_on_unrecovered_nmi=1")]
    [InlineData("io-nmi", "panic_on_io_nmi=1", Captured, "kernel.panic_on_io_nmi = 1", null)]
    [InlineData("io-nmi", "panic_on_io_nmi=-", PanicOutcome.Unknown, "kernel.panic_on_io_nmi cannot be read", null)]
    [InlineData("machine-check", "", Captured, "always a panic", null)]
    [InlineData("out-of-memory", "", GoesOn, "vm.panic_on_oom = 0: a process is killed", "vm.panic_on_oom=1")]
    [InlineData("out-of-memory", "../vm/panic_on_oom=2", Captured, "vm.panic_on_oom = 2", null)]
    [InlineData("warning", "", GoesOn, "kernel.panic_on_warn = 0", "kernel.panic_on_warn=1")]
    [InlineData("warning", "warn_limit=1", Captured, "kernel.warn_limit = 1", null)]
    [InlineData("warning", "warn_limit=5", GoesOn, "kernel.panic_on_warn = 0, warn_limit = 5", "kernel.panic_on_warn=1")]
    [InlineData("sysrq", "", GoesOn, "kernel.sysrq = 438", "kernel.sysrq=446")]
    [InlineData("sysrq", "sysrq=1", Captured, "kernel.sysrq = 1", null)]
    [InlineData("sysrq", "sysrq=8", Captured, "kernel.sysrq = 8", null)]
    public void Each_row_says_what_happens_by_which_setting_and_what_to_change(
        string name, string settings, PanicOutcome outcome, string reason, string? change)
    {
        PanicRoadRow row = Row(name, settings);
        Assert.Equal((outcome, reason, change), (row.Outcome, row.Reason, row.Change));
    }

    [Theory]
    [InlineData("0", PanicOutcome.Hangs, "no capture kernel, kernel.panic = 0")]
    [InlineData("10", PanicOutcome.RestartsWithoutDump, "no capture kernel, kernel.panic = 10 seconds")]
    [InlineData("-1", PanicOutcome.RestartsWithoutDump, "no capture kernel, kernel.panic = -1")]
    public void Without_a_capture_kernel_a_panic_hangs_or_restarts(string panic, PanicOutcome outcome, string reason)
    {
        PanicRoadRow row = Row("panic", $"panic={panic}", armed: "0");
        Assert.Equal((outcome, reason, "lifeboat arm"), (row.Outcome, row.Reason, row.Change));
        PanicRoadRow oops = Row("oops", $"panic={panic} panic_on_oops=1", armed: "0");
        Assert.Equal((outcome, $"kernel.panic_on_oops = 1; {reason}"), (oops.Outcome, oops.Reason));
    }

    [Theory]
    [InlineData("soft-lockup", "", "soft lockup, 20 s")]
    [InlineData("soft-lockup", "softlockup_panic=3", "soft lockup, 60 s")]
    [InlineData("hard-lockup", "", "hard lockup, 10 s")]
    [InlineData("hung-task", "hung_task_panic=3", "3 hung tasks, 120 s")]
    [InlineData("out-of-memory", "../vm/panic_on_oom=2", "out of memory, also in a cgroup")]
    public void A_row_says_after_which_time_or_how_many(string name, string settings, string trouble) =>
        Assert.Equal(trouble, Row(name, settings).Trouble);

    [Fact]
    public void A_tolerant_machine_check_goes_on_on_kernels_that_can_be_told_so()
    {
        using var tree = new MachineTree();
        Defaults(tree, "1");
        tree.Write("sys/devices/system/machinecheck/machinecheck0/tolerant", "3\n");
        Assert.Equal(GoesOn, Row(tree, "machine-check").Outcome);
        tree.Write("sys/devices/system/machinecheck/machinecheck0/tolerant", "1\n");
        Assert.Equal(Captured, Row(tree, "machine-check").Outcome);
    }

    [Fact]
    public void Suppressed_stalls_are_unnoticed()
    {
        using var tree = new MachineTree();
        Defaults(tree, "1");
        tree.Write("sys/module/rcupdate/parameters/rcu_cpu_stall_suppress", "1\n");
        Assert.Equal(Unnoticed, Row(tree, "rcu-stall").Outcome);
    }

    [Fact]
    public void Notes_tell_of_notifiers_and_of_what_a_panic_prints()
    {
        using var tree = new MachineTree();
        Defaults(tree, "1");
        tree.Write("sys/module/kernel/parameters/crash_kexec_post_notifiers", "Y\n");
        Assert.Contains("one that hangs", Assert.Single(KexecStatus.Read(tree.Root).Road.Notes), StringComparison.Ordinal);
        tree.Write("sys/module/kernel/parameters/crash_kexec_post_notifiers", "N\n");
        tree.Write("proc/sys/kernel/panic_print", "31\n");
        Assert.Contains("prints nothing", Assert.Single(KexecStatus.Read(tree.Root).Road.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_grave_is_a_gap()
    {
        using var tree = new MachineTree();
        Defaults(tree, "1");
        Assert.True(KexecStatus.Read(tree.Root).Road.HasGaps);
        foreach (string knob in (string[])["panic_on_oops", "softlockup_panic", "hardlockup_panic", "hung_task_panic", "panic_on_rcu_stall",
            "unknown_nmi_panic", "panic_on_unrecovered_nmi", "panic_on_io_nmi"])
        {
            Assert.True(KexecStatus.Read(tree.Root).Road.HasGaps, knob);
            tree.Write($"proc/sys/kernel/{knob}", "1\n");
        }

        Assert.False(KexecStatus.Read(tree.Root).Road.HasGaps);
        tree.Write("sys/kernel/kexec_crash_loaded", "0\n");
        Assert.True(KexecStatus.Read(tree.Root).Road.HasGaps);
    }

    [Fact]
    public void A_tree_without_settings_knows_nothing_but_what_is_always_so()
    {
        PanicRoad road = KexecStatus.Read("/nonexistent").Road;
        Assert.All(road.Rows, row => Assert.Equal(PanicOutcome.Unknown, row.Outcome));
        Assert.All(road.Rows, row => Assert.Null(row.Change));
    }

    [Fact]
    public void A_status_is_one_screen_of_text()
    {
        using var tree = new MachineTree();
        Defaults(tree, "1");
        tree.Write("proc/sys/kernel/hung_task_panic", "1\n");
        tree.Write("proc/sys/kernel/nmi_watchdog", "0\n");
        new LastDrill
        {
            Time = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero),
            KernelRelease = "6.1.0-56-amd64",
            Passed = true,
            ReservationBytes = 128 << 20,
            MinimumBytes = 96 << 20,
            Seconds = 30,
        }.Save(tree.Root + LastDrill.DefaultPath);
        const string Expected = """
            Armed: a panic starts the capture kernel

              running kernel  6.1.0-56-amd64
              built with      kexec (its configuration is not installed)
              reserved        128 MiB
                              [0x77000000, 0x7f000000)  128 MiB
              loaded          crash image yes, image for kexec -e unknown
              loading         unknown, lockdown unknown
              last drill      passed on 2026-11-20, 2 days ago with this kernel: 96 MiB are enough

            What would happen now
              panic                       captured   a capture kernel is loaded
              oops in a task              goes on    kernel.panic_on_oops = 0, oops_limit = 10000; sysctl kernel.panic_on_oops=1
              soft lockup, 20 s           goes on    kernel.softlockup_panic = 0; sysctl kernel.softlockup_panic=1
              hard lockup                 unnoticed  kernel.nmi_watchdog = 0; sysctl kernel.nmi_watchdog=1 kernel.hardlockup_panic=1
              hung task, 120 s            captured   kernel.hung_task_panic = 1
              RCU stall, 21 s             goes on    kernel.panic_on_rcu_stall = 0; sysctl kernel.panic_on_rcu_stall=1
              NMI: crash button, unknown  goes on    kernel.unknown_nmi_panic = 0; sysctl kernel.unknown_nmi_panic=1
              NMI: memory or PCI error    goes on    kernel.panic_on_unrecovered_nmi = 0; sysctl kernel.panic_on_unrecovered_nmi=1
              NMI: I/O check              goes on    kernel.panic_on_io_nmi = 0; sysctl kernel.panic_on_io_nmi=1
              machine check, fatal        captured   always a panic
              out of memory               goes on    vm.panic_on_oom = 0: a process is killed; sysctl vm.panic_on_oom=1
              warning (WARN)              goes on    kernel.panic_on_warn = 0; sysctl kernel.panic_on_warn=1
              sysrq-c on a keyboard       goes on    kernel.sysrq = 438; sysctl kernel.sysrq=446

            """;
        string text = KexecStatusReport.ToText(KexecStatus.Read(tree.Root), new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
        Assert.Equal(Expected, text);
        Assert.True(text.Count(letter => letter == '\n') <= 30);
    }

    [Fact]
    public void Colours_leave_the_columns_where_they_are()
    {
        using var tree = new MachineTree();
        Defaults(tree, "1");
        KexecStatus status = KexecStatus.Read(tree.Root);
        string painted = KexecStatusReport.ToText(status, null, (text, good) => $"<{(good ? 'g' : 'b')}>{text}<0>");
        Assert.StartsWith("<g>Armed:<0> a panic", painted, StringComparison.Ordinal);
        Assert.Contains("<b>goes on <0>", painted, StringComparison.Ordinal);
        Assert.Equal(
            KexecStatusReport.ToText(status),
            painted.Replace("<g>", "", StringComparison.Ordinal).Replace("<b>", "", StringComparison.Ordinal).Replace("<0>", "", StringComparison.Ordinal));
    }

    [Fact]
    public void The_JSON_has_the_rows_and_the_drill()
    {
        using var tree = new MachineTree();
        Defaults(tree, "0");
        using JsonDocument document = JsonDocument.Parse(KexecStatusReport.ToJson(KexecStatus.Read(tree.Root)));
        JsonElement first = document.RootElement.GetProperty("road")[0];
        Assert.Equal("panic", first.GetProperty("name").GetString());
        Assert.Equal("hangs", first.GetProperty("outcome").GetString());
        Assert.True(first.GetProperty("isGap").GetBoolean());
        Assert.True(document.RootElement.GetProperty("hasGaps").GetBoolean());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("lastDrill").ValueKind);
    }

    private static PanicRoadRow Row(string name, string settings, string armed = "1")
    {
        using var tree = new MachineTree();
        Defaults(tree, armed);
        foreach (string setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = setting.Split('=');
            if (parts[1] == "-")
            {
                tree.Delete($"proc/sys/kernel/{parts[0]}");
            }
            else
            {
                tree.Write($"proc/sys/kernel/{parts[0]}", parts[1] + "\n");
            }
        }

        return Row(tree, name);
    }

    private static PanicRoadRow Row(MachineTree tree, string name) =>
        Assert.Single(KexecStatus.Read(tree.Root).Road.Rows, row => row.Name == name);

    /// <summary>What Debian's 6.1 has when nothing is set.</summary>
    private static void Defaults(MachineTree tree, string armed)
    {
        tree.Write("sys/kernel/kexec_crash_loaded", armed + "\n");
        tree.Write("sys/kernel/kexec_crash_size", $"{ByteCount.FromMiB(128).Value}\n");
        tree.Write("proc/sys/vm/panic_on_oom", "0\n");
        tree.Write("sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", "21\n");
        tree.Write("sys/module/rcupdate/parameters/rcu_cpu_stall_suppress", "0\n");
        foreach (string setting in (string[])["panic 0", "panic_on_oops 0", "oops_limit 10000", "panic_on_warn 0", "warn_limit 0",
            "soft_watchdog 1", "nmi_watchdog 1", "watchdog_thresh 10", "softlockup_panic 0", "hardlockup_panic 0",
            "hung_task_timeout_secs 120", "hung_task_panic 0", "panic_on_rcu_stall 0", "max_rcu_stall_to_panic 0", "unknown_nmi_panic 0",
            "panic_on_unrecovered_nmi 0", "panic_on_io_nmi 0", "sysrq 438", "panic_print 0"])
        {
            string[] parts = setting.Split(' ');
            tree.Write($"proc/sys/kernel/{parts[0]}", parts[1] + "\n");
        }
    }
}
