using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Loading;

/// <summary>Which of the kernel's two calls loads an image, and why that one.</summary>
/// <param name="Call">The call.</param>
/// <param name="Reason">One line for a person.</param>
/// <remarks>
/// <para>kexec_load is preferred where both work: purgatory is this program's own, it names the segment that was
/// changed and ends in a reset instead of a loop, and every rule is checked before the call.</para>
/// </remarks>
public sealed record LoaderChoice(KexecCall Call, string Reason)
{
    /// <summary>Chooses by what the machine allows; of several reasons the strictest is told.</summary>
    /// <param name="wanted">The call that was asked for, which is taken; null to choose.</param>
    /// <param name="status">What the running kernel is and allows.</param>
    /// <param name="image">The kernel that is to be loaded.</param>
    /// <param name="onCrash">Whether it is for a crash.</param>
    /// <param name="handsKeysOver">Whether the kernel is to hand keys of encrypted disks over, which only kexec_file_load does.</param>
    public static LoaderChoice Choose(KexecCall? wanted, KexecStatus status, LoaderImage image, bool onCrash, bool handsKeysOver = false)
    {
        if (wanted is { } call)
        {
            return new(call, "asked for with --call");
        }

        if (handsKeysOver)
        {
            return FileLoad("a target is encrypted, and the kernel hands its key over with this call alone");
        }

        // What only kexec_load can do goes first: the other call would be refused whatever else is true.
        if (!image.IsBzImage)
        {
            return Load($"kexec_file_load knows only bzImage, and this is {image.Format}");
        }

        if (status.KernelHasKexecFileLoad == false)
        {
            return Load("the running kernel was built without kexec_file_load (CONFIG_KEXEC_FILE)");
        }

        if (status.Lockdown is { } mode and not "none")
        {
            return FileLoad($"the kernel is locked down ({mode}), which forbids kexec_load{Unsigned(image)}");
        }

        if (status.KernelHasKexecLoad == false)
        {
            return FileLoad("the running kernel was built without kexec_load (CONFIG_KEXEC)");
        }

        if (status.SecureBoot == true && status.Lockdown is null)
        {
            return FileLoad($"Secure Boot is on, and lockdown with it as a rule, which forbids kexec_load{Unsigned(image)}");
        }

        if (onCrash && (status.CmaRanges.Count > 0 || status.AsksForCma))
        {
            return FileLoad("part of the crash memory is in CMA, of which the kernel itself knows best");
        }

        return Load(onCrash
            ? "nothing forbids it, and its purgatory tells what it finds changed"
            : "nothing forbids it, and what the next kernel is told can be shown before");
    }

    private static string Unsigned(LoaderImage image) =>
        image.IsSigned ? "" : "; the image has no signature, so only IMA could vouch for it";

    private static LoaderChoice Load(string reason) => new(KexecCall.KexecLoad, reason);

    private static LoaderChoice FileLoad(string reason) => new(KexecCall.KexecFileLoad, reason);
}
