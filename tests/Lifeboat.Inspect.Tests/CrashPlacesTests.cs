using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Tests;

public sealed class CrashPlacesTests
{
    [Theory]
    [InlineData(PanicKind.SoftLockup, "__crash_kexec+0x1/0x2", "panic+0x1/0x2", "watchdog_timer_fn.cold+0x1/0x2", "native_queued_spin_lock_slowpath+0x1/0x2")]
    [InlineData(PanicKind.Sysrq, "panic+0x1/0x2", "sysrq_handle_crash+0x1/0x2", "watchdog_timer_fn+0x1/0x2")]
    [InlineData(null, "panic+0x1/0x2", "? watchdog_timer_fn+0x1/0x2")]
    [InlineData(null)]
    public void A_stack_alone_tells_the_kind_by_its_innermost_reporter(PanicKind? kind, params string[] frames) =>
        Assert.Equal(kind, CrashPlaces.KindOf(frames));

    [Fact]
    public void What_a_task_waits_for_is_told_without_the_scheduler()
    {
        string[] frames = ["__schedule+0x1/0x2", "? schedule+0x1/0x2", "schedule+0x1/0x2", "schedule_timeout+0x1/0x2", "a+0x1/0x2", "b.isra.0+0x1/0x2 [m]"];
        Assert.Equal("a < b", new ReportTask(1, "x", "D", null, frames, null).WaitsIn);
        Assert.Null(new ReportTask(1, "x", "D", null, frames[..4], null).WaitsIn);
    }
}
