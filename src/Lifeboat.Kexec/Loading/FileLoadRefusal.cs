using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Loading;

/// <summary>What an errno of kexec_file_load means, told from what the machine says of itself.</summary>
internal static class FileLoadRefusal
{
    /// <summary>Why the kernel answered <paramref name="errno"/> and what to do; null for one that it never answers.</summary>
    internal static string? Explain(Errno errno, KexecStatus status, LoaderImage image, bool onCrash) => errno switch
    {
        Errno.EPERM when status.Lockdown is { } mode and not "none" && IsPermitted(status, onCrash) =>
            $"The kernel is locked down ({mode}) and takes only an image whose signature it can verify; "
            + (image.IsSigned
                ? "this one is signed, but by none of the keys that the kernel trusts (its own, and those of the firmware "
                    + "and shim only when it was booted by them)"
                : "this one has no signature")
            + ": use the distribution's signed kernel, or enrol the key of its signer",
        Errno.ENODATA => "The running kernel takes signed images only (CONFIG_KEXEC_SIG_FORCE), and this one has no signature: "
            + "use the distribution's signed kernel",
        Errno.EKEYREJECTED or Errno.ENOKEY or Errno.EBADMSG or Errno.EKEYEXPIRED or Errno.EKEYREVOKED =>
            "The running kernel takes only images whose signature it can verify, and this one's is not by a key that it trusts: "
            + "use the distribution's signed kernel, or enrol the key of its signer",
        Errno.EACCES => "The IMA policy refuses a file: sign it for IMA, or see the policy",
        Errno.ENOSYS => "The running kernel was built without kexec_file_load (CONFIG_KEXEC_FILE): use --call kexec_load",
        Errno.ENOEXEC => "The kernel does not know the image: it is no bzImage, or none with a 64-bit entry that lies above 4 GiB",
        Errno.EADDRNOTAVAIL or Errno.ENOMEM when onCrash => status.ReservationSize is { Value: > 0 } size
            ? $"The image does not fit the {size} that are reserved: boot with a larger crashkernel="
            : "No memory is reserved for a crash image: boot with crashkernel=",
        Errno.EADDRNOTAVAIL => "No free place in memory is large enough for the image",
        Errno.EINVAL => "The kernel finds the command line too long, a file no regular file, or does not know a flag of the call",
        Errno.EFBIG => "A file is larger than the kernel takes (4 GiB)",
        Errno.ETXTBSY => "A file is being written at this moment: try again when it is complete",
        _ => KexecRefusal.Explain(errno, status),
    };

    private static bool IsPermitted(KexecStatus status, bool onCrash) =>
        status.HasSysBootCapability != false && status.KexecLoadDisabled != true
            && (onCrash ? status.LoadLimitPanic : status.LoadLimitReboot) != 0;
}
