using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading.Interop;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Loading;

/// <summary>Gives an image to the running kernel, and takes it back.</summary>
/// <remarks>
/// <para><b>Thread safety.</b> The kernel takes one call at a time and answers others with EBUSY.</para>
/// <para>A load replaces what is loaded of its kind. For the crash the kernel lets go of the old image first, as both
/// lie in the same memory: after a refusal there may be none, which the error says.</para>
/// </remarks>
public static class KexecLoader
{
    /// <summary>Loads the plan in place of an image of its kind that is loaded already, and confirms it from sysfs.</summary>
    /// <exception cref="KernelInterfaceException">
    /// The kernel refused; the remedy says why as far as can be found out.
    /// </exception>
    /// <exception cref="DiagnosticException">The kernel took it but does not report an image as loaded.</exception>
    public static void Load(LoadPlan plan)
    {
        bool onCrash = (plan.Flags & KexecLoadFlags.OnCrash) != KexecLoadFlags.None;
        bool? before = IsLoaded(onCrash);
        Errno errno = KexecCalls.Load(plan.EntryPoint, plan.Segments, plan.Flags);
        if (errno != Errno.None)
        {
            throw Refusal(KexecCall.KexecLoad, plan.KernelName, errno,
                KexecRefusal.Explain(errno, KexecLoadCall.Of(plan), KexecEnvironment.ReadLive()), before, IsLoaded(onCrash));
        }

        Confirm(onCrash, expected: true);
    }

    /// <summary>The same through kexec_file_load.</summary>
    /// <exception cref="KernelInterfaceException">
    /// The kernel refused; the remedy says why as far as can be found out.
    /// </exception>
    /// <exception cref="DiagnosticException">The kernel took it but does not report an image as loaded.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static void Load(FileLoad load)
    {
        bool onCrash = (load.Flags & FileLoadFlags.OnCrash) != FileLoadFlags.None;
        bool? before = IsLoaded(onCrash);
        Errno errno = load.Call();
        if (errno != Errno.None)
        {
            throw Refusal(KexecCall.KexecFileLoad, load.KernelPath, errno,
                KexecRefusal.Explain(errno, load.ToCall(), KexecEnvironment.ReadLive()), before, IsLoaded(onCrash));
        }

        Confirm(onCrash, expected: true);
    }

    /// <summary>Unloads the crash image; nothing happens when there is none.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    /// <exception cref="DiagnosticException">The kernel still reports an image as loaded.</exception>
    public static void UnloadCrashImage() => Unload(onCrash: true);

    /// <summary>Unloads the image for a reboot; nothing happens when there is none.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    /// <exception cref="DiagnosticException">The kernel still reports an image as loaded.</exception>
    public static void UnloadBootImage() => Unload(onCrash: false);

    /// <summary>
    /// Either call takes back what either has loaded. kexec_file_load goes first: lockdown lets it unload, and a call that
    /// is refused counts against the limit of loads like one that is not. A kernel without it says so before it counts.
    /// </summary>
    private static void Unload(bool onCrash)
    {
        var call = KexecCall.KexecFileLoad;
        Errno errno = KexecCalls.LoadFile(
            null, null, [], FileLoadFlags.Unload | (onCrash ? FileLoadFlags.OnCrash : FileLoadFlags.None));
        if (errno == Errno.ENOSYS)
        {
            call = KexecCall.KexecLoad;
            errno = KexecCalls.Load(PhysicalAddress.Zero, [],
                KexecLoadFlags.ArchX8664 | (onCrash ? KexecLoadFlags.OnCrash : KexecLoadFlags.None));
        }

        if (errno != Errno.None)
        {
            var refused = new KexecLoadCall { Flags = onCrash ? KexecLoadFlags.OnCrash : KexecLoadFlags.None };
            throw Refusal(call, null, errno, KexecRefusal.Explain(errno, refused, KexecEnvironment.ReadLive()), null, null);
        }

        Confirm(onCrash, expected: false);
    }

    private static bool? IsLoaded(bool onCrash) => KexecStatusReader.IsLoaded(new SystemTree("/"), onCrash);

    private static KernelInterfaceException Refusal(
        KexecCall call, string? path, Errno errno, string? remedy, bool? before, bool? after)
    {
        const string Lost = "The image that was loaded before is gone: nothing is loaded now";
        string? text = before == true && after == false ? remedy is null ? Lost : $"{remedy}. {Lost}" : remedy;
        return new KernelInterfaceException(KexecCallNames.NameOf(call), path, errno, text);
    }

    /// <summary>Where sysfs is not mounted nothing confirms it, and the call's own answer stands.</summary>
    private static void Confirm(bool onCrash, bool expected)
    {
        if (IsLoaded(onCrash) is { } loaded && loaded != expected)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.NotConfirmed, "The kernel accepted the call but sysfs says otherwise")
            {
                Where = onCrash ? "/sys/kernel/kexec_crash_loaded" : "/sys/kernel/kexec_loaded",
                Found = loaded ? "1" : "0",
                Expected = expected ? "1" : "0",
                Remedy = "Another program may load or unload images: try again",
            });
        }
    }
}
