using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Reservation;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Status;

/// <summary>Reads a <see cref="KexecStatus"/>; nothing that is missing or unreadable ends it.</summary>
internal static class KexecStatusReader
{
    internal static KexecStatus Read(SystemTree tree)
    {
        string? release = tree.TryReadText("proc/sys/kernel/osrelease")?.Trim();
        IReadOnlyList<PhysicalRange> reservations = ReadReservations(tree);
        bool? crashLoaded = IsLoaded(tree, onCrash: true);
        long? crashSize = Either(tree, "crash_size", "kexec_crash_size");
        var panic = PanicSettings.Read(tree);
        KexecEnvironment environment = EnvironmentReader.Read(tree);
        return new KexecStatus
        {
            Release = release,
            Reservations = reservations,
            ReservationSize = crashSize is >= 0 ? new ByteCount((ulong)crashSize.Value)
                : reservations.Count == 0 ? null
                : reservations.Aggregate(ByteCount.Zero, (sum, range) => sum + range.Length),
            CrashImageLoaded = crashLoaded,
            BootImageLoaded = IsLoaded(tree, onCrash: false),
            KernelHasKexec = crashLoaded is not null,
            KernelHasKexecLoad = environment.HasKexecLoad,
            KernelHasKexecFileLoad = environment.HasKexecFileLoad,
            Signatures = environment.ForcesSignatures is not { } forces ? null
                : forces ? SignaturePolicy.Required
                : environment.ChecksSignatures == true ? SignaturePolicy.RequiredUnderLockdown
                : SignaturePolicy.None,
            SecureBoot = environment.SecureBoot,
            HotplugHeaderSize = FirmwareReader.ReadElfCoreHeaderSize(tree),
            HotplugUpdates = Flag(tree.TryReadNumber("sys/devices/system/cpu/crash_hotplug")),
            CmaRanges = FirmwareReader.ReadCrashCma(tree),
            AsksForCma = CrashKernelLine.OfCommandLine(tree.TryReadText("proc/cmdline")?.Trim() ?? "").Last(CrashKernelKind.Cma) is not null,
            KexecLoadDisabled = environment.LoadDisabled,
            LoadLimitPanic = environment.LoadLimitPanic,
            LoadLimitReboot = environment.LoadLimitReboot,
            Lockdown = environment.Lockdown,
            HasSysBootCapability = environment.HasSysBootCapability,
            PanicKnobs = PanicKnobs.Of(panic),

            // A kernel that shows its /sys but nothing of kexec there has none.
            Road = PanicRoad.From(panic,
                crashLoaded ?? (tree.FolderNames("sys/kernel").Contains("mm") ? false : null)),
            Watchdogs = MachineWatchdog.From(
                tree.FolderNames("sys/class/watchdog"), (device, file) => tree.TryReadText($"sys/class/watchdog/{device}/{file}")),
            LastDrill = LastDrill.Parse(tree.TryReadStart(LastDrill.DefaultPath[1..], LastDrill.MaxBytes).Span),
        };
    }

    /// <summary>Whether an image is loaded, for the crash or for a reboot; null where sysfs does not tell.</summary>
    internal static bool? IsLoaded(SystemTree tree, bool onCrash) => Flag(onCrash
        ? Either(tree, "crash_loaded", "kexec_crash_loaded")
        : Either(tree, "loaded", "kexec_loaded"));

    /// <summary>The file's new place, in a folder of its own in newer kernels, or the old one.</summary>
    private static long? Either(SystemTree tree, string name, string oldName) =>
        tree.TryReadNumber($"sys/kernel/kexec/{name}") ?? tree.TryReadNumber($"sys/kernel/{oldName}");

    private static bool? Flag(long? number) => number is null ? null : number != 0;

    private static IReadOnlyList<PhysicalRange> ReadReservations(SystemTree tree)
    {
        try
        {
            return tree.TryReadText("proc/iomem") is { } text
                ? IomemMap.Parse(text).Reservations
                : [];
        }
        catch (DiagnosticException)
        {
            // Hidden from this user: the size is told elsewhere.
            return [];
        }
    }
}
