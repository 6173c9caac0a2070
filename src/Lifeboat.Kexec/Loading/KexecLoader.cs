using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading.Interop;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Loading;

/// <summary>Gives a plan to the running kernel, and takes it back.</summary>
/// <remarks>
/// <para><b>Thread safety.</b> The kernel takes one call at a time and answers others with EBUSY.</para>
/// </remarks>
public static class KexecLoader
{
    private const string Operation = "kexec_load";

    /// <summary>Loads the plan in place of an image of its kind that is loaded already, and confirms it from sysfs.</summary>
    /// <exception cref="KernelInterfaceException">
    /// The kernel refused; the remedy says why as far as can be found out.
    /// </exception>
    /// <exception cref="DiagnosticException">The kernel took it but does not report an image as loaded.</exception>
    public static void Load(LoadPlan plan)
    {
        Errno errno = KexecCalls.Load(plan.EntryPoint, plan.Segments, plan.Flags);
        KexecStatus status = KexecStatus.Read();
        if (errno != Errno.None)
        {
            throw new KernelInterfaceException(
                Operation, plan.KernelName, errno,
                KexecRefusal.Explain(errno, KexecLoadCall.Of(plan), KexecEnvironment.ReadLive()));
        }

        Confirm(status, plan.Purpose, expected: true);
    }

    /// <summary>Unloads the crash image; nothing happens when there is none.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    /// <exception cref="DiagnosticException">The kernel still reports an image as loaded.</exception>
    public static void UnloadCrashImage() => Unload(LoadPurpose.Crash);

    /// <summary>Unloads the image for a reboot; nothing happens when there is none.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    /// <exception cref="DiagnosticException">The kernel still reports an image as loaded.</exception>
    public static void UnloadBootImage() => Unload(LoadPurpose.Reboot);

    private static void Unload(LoadPurpose purpose)
    {
        Errno errno = KexecCalls.Load(
            PhysicalAddress.Zero,
            [],
            KexecLoadFlags.ArchX8664 | (purpose == LoadPurpose.Crash ? KexecLoadFlags.OnCrash : KexecLoadFlags.None));
        KexecStatus status = KexecStatus.Read();
        if (errno != Errno.None)
        {
            throw new KernelInterfaceException(Operation, null, errno, KexecRefusal.Explain(errno, status));
        }

        Confirm(status, purpose, expected: false);
    }

    /// <summary>Where sysfs is not mounted nothing confirms it, and the call's own answer stands.</summary>
    private static void Confirm(KexecStatus status, LoadPurpose purpose, bool expected)
    {
        bool crash = purpose == LoadPurpose.Crash;
        if ((crash ? status.CrashImageLoaded : status.BootImageLoaded) is { } loaded && loaded != expected)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.NotConfirmed, "The kernel accepted the call but sysfs says otherwise")
            {
                Where = crash ? "/sys/kernel/kexec_crash_loaded" : "/sys/kernel/kexec_loaded",
                Found = loaded ? "1" : "0",
                Expected = expected ? "1" : "0",
                Remedy = "Another program may load or unload images: try again",
            });
        }
    }
}
