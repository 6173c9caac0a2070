namespace Lifeboat.Kernel.Tests;

public sealed class PanicSummaryTests
{
    [Fact]
    public void A_crash_by_sysrq_is_told_with_its_task()
    {
        PanicSummary summary = Find(
            "Freeing unused kernel memory",
            "sysrq: Trigger a crash",
            "Kernel panic - not syncing: sysrq triggered crash",
            "CPU: 1 PID: 42 Comm: my init Not tainted 6.1.0-56-amd64 #1  Debian 6.1.192-2",
            "Call Trace:",
            "RIP: 0033:0x439770",
            "---[ end Kernel panic - not syncing: sysrq triggered crash ]---");
        Assert.Equal(
            new PanicSummary
            {
                Message = "sysrq triggered crash",
                Kind = PanicKind.Sysrq,
                Sequence = 2,
                Cpu = 1,
                Pid = 42,
                Command = "my init",
                Taint = "Not tainted",
                Uptime = TimeSpan.FromSeconds(2),
            },
            summary);
    }

    [Theory]
    [InlineData("CPU: 0 PID: 1 Comm: init Kdump: loaded Not tainted 6.1.0-56-amd64 #1  Debian 6.1.192-2", "Not tainted")]
    [InlineData("CPU: 0 UID: 0 PID: 1 Comm: init Kdump: loaded Tainted: G   OE  6.12.0 #1", "Tainted: GOE")]
    public void That_a_capture_kernel_was_loaded_is_no_part_of_the_task_s_name(string line, string taint)
    {
        PanicSummary summary = Find("Kernel panic - not syncing: sysrq triggered crash", line);
        Assert.Equal("init", summary.Command);
        Assert.Equal(taint, summary.Taint);
    }

    [Fact]
    public void A_null_dereference_is_told_with_its_place()
    {
        PanicSummary summary = Find(
            "BUG: kernel NULL pointer dereference, address: 0000000000000010",
            "#PF: supervisor write access in kernel mode",
            "Oops: 0002 [#1] PREEMPT SMP PTI",
            "CPU: 3 UID: 0 PID: 7 Comm: kworker/3:1 Tainted: G      D W  OE      6.12.0-amd64 #1  Debian",
            "RIP: 0010:foo_write+0x16/0x20 [foo]",
            "RIP: 0033:0x7f",
            "Kernel panic - not syncing: Fatal exception");
        Assert.Equal(PanicKind.NullDereference, summary.Kind);
        Assert.Equal("BUG: kernel NULL pointer dereference, address: 0000000000000010", summary.Cause);
        Assert.Equal("Fatal exception", summary.Message);
        Assert.Equal("0010:foo_write+0x16/0x20 [foo]", summary.InstructionPointer);
        Assert.Equal((3, 7, "kworker/3:1"), (summary.Cpu, summary.Pid, summary.Command));
        Assert.Equal("Tainted: GDWOE", summary.Taint);
        Assert.Equal(TimeSpan.FromSeconds(6), summary.Uptime);
    }

    [Theory]
    [InlineData(PanicKind.Bug,
        "kernel BUG at fs/a.c:123!", "invalid opcode: 0000 [#1]", "Kernel panic - not syncing: Fatal exception")]
    [InlineData(PanicKind.Oops,
        "BUG: unable to handle page fault for address: ffff", "Kernel panic - not syncing: Fatal")]
    [InlineData(PanicKind.Oops, "general protection fault, probably for non-canonical address 0xdead: 0000 [#1]")]
    [InlineData(PanicKind.HungTask,
        "INFO: task a:1 blocked for more than 120 seconds.", "Kernel panic - not syncing: hung_task: blocked tasks")]
    [InlineData(PanicKind.SoftLockup,
        "watchdog: BUG: soft lockup - CPU#1 stuck", "Kernel panic - not syncing: softlockup: hung")]
    [InlineData(PanicKind.HardLockup, "Kernel panic - not syncing: Hard LOCKUP")]
    [InlineData(PanicKind.RcuStall, "Kernel panic - not syncing: RCU Stall")]
    [InlineData(PanicKind.OutOfMemory, "Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled")]
    [InlineData(PanicKind.OutOfMemory, "Kernel panic - not syncing: System is deadlocked on memory")]
    [InlineData(PanicKind.OutOfMemory, "lb-crash invoked oom-killer: gfp_mask=0xcc0", "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled")]
    [InlineData(PanicKind.HardLockup, "watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 3", "Kernel panic - not syncing: Hard LOCKUP")]
    [InlineData(PanicKind.Nmi, "Uhhuh. NMI received for unknown reason 30 on CPU 1.", "Kernel panic - not syncing: NMI: Not continuing")]
    [InlineData(PanicKind.MachineCheck, "mce: [Hardware Error]: CPU 0: Machine Check Exception: 4 Bank 1: b200000000000000", "Kernel panic - not syncing: Fatal machine check")]
    [InlineData(PanicKind.Warning, "Kernel panic - not syncing: kernel: panic_on_warn set ...")]
    [InlineData(PanicKind.InitEnded, "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009")]
    [InlineData(PanicKind.Other, "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)")]
    public void Every_kind_is_known_by_its_lines(PanicKind kind, params string[] lines)
    {
        PanicSummary summary = Find(lines);
        Assert.Equal(kind, summary.Kind);
        Assert.Null(summary.Cpu);
    }

    [Fact]
    public void What_user_space_writes_into_the_log_is_no_crash()
    {
        LogRecord record = new(0, 0, 6, 1, 1, "Kernel panic - not syncing: not really");
        Assert.Null(PanicSummary.Find(new KernelLog([record], [])));
        Assert.Null(PanicSummary.Find(new KernelLog([], [])));
    }

    [Fact]
    public void An_old_oops_far_back_is_not_the_cause()
    {
        string[] lines = [
            "BUG: unable to handle page fault for address: 1", .. Enumerable.Repeat("line", 500),
            "Kernel panic - not syncing: sysrq triggered crash"];
        Assert.Null(Find(lines).Cause);
    }

    [Theory]
    [InlineData("CPU: PID: Comm:")]
    [InlineData("CPU: 99999999999999 PID: x Comm: a")]
    [InlineData("CPU: 1 PID: 1 Comm: Tainted: ")]
    [InlineData("CPU: 1 PID: 1 Comm: x Tainted: ")]
    public void A_line_that_is_cut_or_absurd_gives_nulls(string line)
    {
        Assert.NotNull(Find("Kernel panic - not syncing: x", line).Message);
    }

    private static PanicSummary Find(params string[] lines)
    {
        LogRecord[] records = [.. lines.Select(
            static (text, i) => new LogRecord((ulong)i, (ulong)i * 1_000_000_000, 0, 0, 1, text))];
        PanicSummary? summary = PanicSummary.Find(new KernelLog(records, []));
        Assert.NotNull(summary);
        return summary;
    }
}
