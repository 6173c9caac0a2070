using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Loading;

/// <summary>What an errno of kexec_load means, told from what the machine says of itself.</summary>
public static class KexecRefusal
{
    /// <summary>Why the kernel answered <paramref name="errno"/> and what to do; null for one that it never answers.</summary>
    public static string? Explain(Errno errno, KexecStatus status) => errno switch
    {
        Errno.EPERM => ExplainNotPermitted(status),
        Errno.ENOSYS => "The running kernel was built without kexec_load (CONFIG_KEXEC): use a kernel that has it"
            + (status.Release is null ? "" : $"; {status.Release} has not"),
        Errno.EBUSY => "Another program is loading or running an image at this moment: try again",
        Errno.EADDRNOTAVAIL => "A segment or the entry point lies outside the crash reservation, or is not on a page: "
            + "the reservation was changed since it was read, so arm again"
            + (status.ReservationSize is { Value: 0 } ? ". Now nothing is reserved: boot with crashkernel=" : ""),
        Errno.EINVAL => "The kernel found the segments or flags invalid: segments overlap, or take more than half of "
            + "the machine's RAM. Reserve less or use a smaller ramdisk",
        Errno.ENOMEM => "The kernel found no memory for its control pages in the reservation, or none to copy the "
            + "segments: boot with a larger crashkernel=",
        Errno.EFAULT => "The kernel could not read the segments from this program",
        _ => null,
    };

    private static string ExplainNotPermitted(KexecStatus status)
    {
        if (status.HasSysBootCapability == false)
        {
            return "This process lacks CAP_SYS_BOOT: run it as root, outside a container that drops the capability";
        }

        if (status.KexecLoadDisabled == true)
        {
            return "Loading is switched off until the next boot (sysctl kernel.kexec_load_disabled=1): "
                + "find what sets it, and arm before that";
        }

        if (status.LoadLimitPanic == 0)
        {
            return "The number of crash loads allowed is used up until the next boot (sysctl kernel.kexec_load_limit_panic=0)";
        }

        return status.Lockdown is { } mode and not "none"
            ? $"The kernel is locked down ({mode}), which forbids kexec_load, as with Secure Boot: "
                + "switch Secure Boot off, or boot without lockdown="
            : "A security module forbids it, or the kernel is locked down and does not say so: see the kernel's log";
    }
}
