using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Status;

/// <summary>What a status means: each thing that stands between a crash and its capture, with what to do.</summary>
internal static class KexecProblems
{
    internal static IReadOnlyList<Diagnostic> Find(KexecStatus status)
    {
        if (status.IsArmed)
        {
            return [];
        }

        if (!status.KernelHasKexec)
        {
            return [Problem("The running kernel does not report kexec", "/sys/kernel/kexec_crash_loaded",
                "Use a kernel with CONFIG_KEXEC=y and CONFIG_CRASH_DUMP=y, and mount /sys")];
        }

        var problems = new List<Diagnostic>();
        if (status.KernelHasKexecLoad == false && status.KernelHasKexecFileLoad == false)
        {
            problems.Add(Problem("The running kernel was built without kexec_load and kexec_file_load", $"/boot/config-{status.Release}",
                "Use a kernel with CONFIG_KEXEC=y or CONFIG_KEXEC_FILE=y"));
        }

        if (status.ReservationSize is { Value: 0 })
        {
            problems.Add(Problem("No memory is reserved for a capture kernel", "/sys/kernel/kexec_crash_size",
                "Boot with crashkernel=128M"));
        }

        if (status.KexecLoadDisabled == true)
        {
            problems.Add(Problem("Loading is switched off until the next boot", "sysctl kernel.kexec_load_disabled",
                "Find what sets it, and arm before that"));
        }

        if (status.LoadLimitPanic == 0)
        {
            problems.Add(Problem("No more crash loads are allowed until the next boot",
                "sysctl kernel.kexec_load_limit_panic", "Find what sets it, and arm before that"));
        }

        if (status.Lockdown is { } mode and not "none")
        {
            problems.Add(Problem($"The kernel is locked down ({mode}), which forbids kexec_load",
                "/sys/kernel/security/lockdown", "lifeboat arm uses kexec_file_load then: give it a kernel that is signed with a key this kernel trusts"));
        }

        if (status.HasSysBootCapability == false)
        {
            problems.Add(Problem("This process may not load an image", "CAP_SYS_BOOT", "Run it as root"));
        }

        problems.Add(Problem("No crash image is loaded: a panic is not captured", "/sys/kernel/kexec_crash_loaded",
            "Load one with lifeboat arm"));
        return problems;
    }

    private static Diagnostic Problem(string what, string where, string remedy) =>
        new(KexecDiagnostics.NotReady, what) { Where = where, Remedy = remedy };
}
