using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Loading;

/// <summary>
/// What an errno of kexec_load or kexec_file_load means: the rule that was broken as far as the machine tells, else what
/// cannot be seen from here.
/// </summary>
public static class KexecRefusal
{
    /// <summary>
    /// Why kexec_load answered <paramref name="errno"/> and what to do; null for one that it never answers.
    /// </summary>
    public static string? Explain(Errno errno, KexecLoadCall call, KexecEnvironment environment) =>
        Named(errno, KexecRules.Check(call, environment)) ?? Guess(errno, environment);

    /// <summary>
    /// Why kexec_file_load answered <paramref name="errno"/> and what to do; null for one that it never answers.
    /// </summary>
    public static string? Explain(Errno errno, KexecFileCall call, KexecEnvironment environment) =>
        Named(errno, KexecFileRules.Check(call, environment)) ?? FileLoadRefusal.Guess(errno, call, environment)
            ?? Guess(errno, environment);

    /// <summary>The rule of that errno that is known to be broken.</summary>
    private static string? Named(Errno errno, IReadOnlyList<KexecRuleOutcome> outcomes)
    {
        foreach (KexecRuleOutcome outcome in outcomes)
        {
            if (outcome.Violation is not null && outcome.Rule.Errno == errno)
            {
                return $"Rule {outcome.Rule.Name}: {outcome.Rule.Statement}. Found: {outcome.Violation}. {outcome.Rule.Remedy}";
            }
        }

        return null;
    }

    /// <summary>No rule is known to be broken: what the errno can mean beside what was checked.</summary>
    private static string? Guess(Errno errno, KexecEnvironment environment) => errno switch
    {
        Errno.EPERM => NotPermitted(environment),
        Errno.EACCES => "An IMA policy appraises kernels, or another security module forbids the call (the kernel's log "
            + "says more): kexec_file_load gives them the file",
        Errno.ENOSYS => environment.HasSeccompFilter == true
            ? "A seccomp filter answers for the kernel, as in a container, or the kernel was built without the call"
            : "The running kernel was built without the call (CONFIG_KEXEC, CONFIG_KEXEC_FILE): use a kernel that has it",
        Errno.EBUSY => "Another program is loading or running an image at this moment: try again",
        Errno.EADDRNOTAVAIL => "A segment or the entry point lies outside the crash reservation, or is not on a page: "
            + "the reservation was changed since it was read, so load again"
            + (environment.Reservation is { IsEmpty: true } ? ". Now nothing is reserved: boot with crashkernel=" : ""),
        Errno.EINVAL => "The kernel found the segments or flags invalid: segments overlap, or take more than half of "
            + "the machine's RAM. Reserve less or use a smaller ramdisk",
        Errno.ENOMEM => "The kernel found no memory for its control pages in the reservation, or none to copy the "
            + "segments: boot with a larger crashkernel=, or free memory",
        Errno.EFAULT => "The kernel could not read the segments from this program",
        _ => null,
    };

    private static string NotPermitted(KexecEnvironment environment) =>
        environment.HasSeccompFilter == true
            ? "A seccomp filter forbids the call, as in a container: run it on the host"
        : environment.Lockdown is null
            ? "A security module forbids it, or the kernel is locked down and does not say so (mount securityfs to see): "
                + "see the kernel's log"
            : "A security module forbids it: see the kernel's log";
}
