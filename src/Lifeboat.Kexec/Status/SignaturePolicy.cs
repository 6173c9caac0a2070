namespace Lifeboat.Kexec.Status;

/// <summary>What a kernel was built to ask of the signature of an image that kexec_file_load is given.</summary>
public enum SignaturePolicy
{
    /// <summary>It checks none (no CONFIG_KEXEC_SIG); under lockdown only IMA can vouch for an image.</summary>
    None,

    /// <summary>It checks, and insists under lockdown only (CONFIG_KEXEC_SIG).</summary>
    RequiredUnderLockdown,

    /// <summary>It insists always (CONFIG_KEXEC_SIG_FORCE).</summary>
    Required,
}
