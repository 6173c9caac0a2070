using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Loading;

/// <summary>What an errno of kexec_file_load can mean where no rule is known to be broken.</summary>
internal static class FileLoadRefusal
{
    /// <summary>What it can mean and what to do; null for one that is none of this call's own.</summary>
    internal static string? Guess(Errno errno, KexecFileCall call, KexecEnvironment environment) => errno switch
    {
        Errno.EPERM when environment.Lockdown is { } mode and not "none" =>
            $"The kernel is locked down ({mode}) and takes only an image whose signature it can verify; "
            + (call.SignatureGood == false
                ? "this one has no signature"
                : "this one's is by none of the keys that the kernel trusts (its own, and those of the firmware and shim only "
                    + "when it was booted by them)")
            + ": use the distribution's signed kernel, or enrol the key of its signer",
        Errno.ENODATA => "The running kernel takes signed images only (CONFIG_KEXEC_SIG_FORCE), and this one has no signature: "
            + "use the distribution's signed kernel",
        Errno.EKEYREJECTED or Errno.ENOKEY or Errno.EBADMSG or Errno.EKEYEXPIRED or Errno.EKEYREVOKED =>
            "The running kernel takes only images whose signature it can verify, and this one's is not by a key that it trusts: "
            + "use the distribution's signed kernel, or enrol the key of its signer",
        Errno.EACCES => "The IMA policy refuses a file: sign it for IMA, or see the policy",
        Errno.ENOSYS => "The running kernel was built without kexec_file_load (CONFIG_KEXEC_FILE): use --call kexec_load",
        Errno.ENOEXEC => "The kernel does not know the image: it is no bzImage, or none with a 64-bit entry that lies above 4 GiB",
        Errno.EADDRNOTAVAIL or Errno.ENOMEM when call.IsForCrash => environment.Reservation is { IsEmpty: false } reservation
            ? $"The image does not fit the {reservation.Length} that are reserved: boot with a larger crashkernel="
            : "No memory is reserved for a crash image: boot with crashkernel=",
        Errno.EADDRNOTAVAIL => "No free place in memory is large enough for the image",
        Errno.EINVAL => "The kernel finds the command line too long, a file no regular file, or does not know a flag of the call",
        Errno.EFBIG => "A file is larger than the kernel takes (4 GiB)",
        Errno.ETXTBSY => "A file is being written at this moment: try again when it is complete",
        _ => null,
    };
}
