using System.CommandLine;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>lifeboat status</c>: says whether a panic now would be captured.</summary>
internal sealed class StatusVerb : Verb
{
    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Exit with 6 when a capture kernel is loaded but something grave would leave no dump.",
    };

    public StatusVerb()
        : base("status", "say whether a panic now would be captured")
    {
        Options.Add(_strict);
        Options.Add(CommonOptions.Json);
    }

    public override ManualPage Manual { get; } = new()
    {
        Description =
            """
            Says whether a capture kernel is loaded and, when not, what stands in the way: no reservation, a kernel without kexec,
            a sysctl or a lockdown that forbids loading. Then, for each kind of trouble, what would happen now: captured; goes on
            (the log tells, nothing else); unnoticed (nothing looks for it); hangs, or restarts without a dump, where it is a panic
            and no capture kernel is loaded. Each line names the setting that decides and what to set for a capture. Lockups and
            hung tasks have the time after which they count as such; an oops in an interrupt, in an idle task or in init is always
            a panic.

            A watchdog of the machine that runs goes on when the kernel crashes, and resets the machine in the middle of the dump unless the
            capture kernel has its driver; lifeboat ramdisk check tells that.

            The last drill on this machine tells whether the reservation is large enough for this kernel.

            For monitoring: exit status 3 when nothing is loaded. With --strict, 6 when one of these would not be captured: panic,
            oops, soft and hard lockup, hung task, RCU stall, the three kinds of NMI, machine check; or when this kernel's last
            drill failed, or needed more than is reserved. A warning, a process killed for want of memory, and sysrq on a keyboard
            are what a machine lives with, and do not count.

            Anyone may run it; the reservation's addresses are shown to root only.
            """,
        Examples =
        [
            new("lifeboat status", "verdict, problems, and where each kind of trouble leads"),
            new("lifeboat status --strict --json", "for monitoring: is there a gap, and where"),
        ],
        Files =
        [
            new("/sys/kernel/kexec_crash_loaded", "whether a capture kernel is loaded; in newer kernels /sys/kernel/kexec/crash_loaded"),
            new("/proc/sys/kernel, /proc/sys/vm/panic_on_oom", "the settings: panic, panic_on_*, *lockup_panic, hung_task_*, watchdogs, limits"),
            new("/sys/module/kernel/parameters/crash_kexec_post_notifiers", "whether panic notifiers run before the capture kernel"),
            new("/var/lib/lifeboat/last-drill.json", "how the last drill went"),
        ],
        ExitCodes =
        [
            new((int)ExitCode.NotArmed, "no capture kernel is loaded"),
            new((int)ExitCode.CaptureGap, "with --strict: one is loaded, but something grave would leave no dump"),
        ],
    };

    protected override ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        KexecStatus status = KexecStatus.Read();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (arguments.GetValue(CommonOptions.Json))
        {
            terminal.Output.WriteLine(KexecStatusReport.ToJson(status, now));
        }
        else
        {
            Paint paint = terminal.OutputPaint;
            terminal.Output.Write(KexecStatusReport.ToText(status, now, (text, good) => good ? paint.Good(text) : paint.Bad(text)));
        }

        bool hasGap = status.Road.HasGaps || DrillFinding.Of(status, now).IsBad;
        return !status.IsArmed ? ExitCode.NotArmed
            : hasGap && arguments.GetValue(_strict) ? ExitCode.CaptureGap
            : ExitCode.Success;
    }
}
